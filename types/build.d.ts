/** The commit that was built, short, or '' where there is no git: vite.config.ts puts it in. */
declare const __COMMIT__: string;

/** A file of kernels/ as a WebAssembly module, which tools/kernels.mjs compiles. */
declare module '*?wasm=fused' {
  export const base64: string;
}
declare module '*?wasm=plain' {
  export const base64: string;
}
