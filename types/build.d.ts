/** The commit that was built, short, or '' where there is no git: vite.config.ts puts it in. */
declare const __COMMIT__: string;

/** kernels/ as a WebAssembly module, which tools/kernels.mjs compiles. */
declare module '*/kernels/index.ts?wasm=fused' {
  export const base64: string;
}
declare module '*/kernels/index.ts?wasm=plain' {
  export const base64: string;
}
