// TypeScript's DOM lib describes WebGPU without its flag constants: they are WebIDL namespaces, which its generator
// leaves out (microsoft/TypeScript-DOM-lib-generator). Values: https://www.w3.org/TR/webgpu/#namespacedef-gpubufferusage
// @webgpu/types has them, but declares the rest of WebGPU a second time and clashes with the DOM lib.

declare const GPUBufferUsage: {
  readonly MAP_READ: 0x0001;
  readonly MAP_WRITE: 0x0002;
  readonly COPY_SRC: 0x0004;
  readonly COPY_DST: 0x0008;
  readonly INDEX: 0x0010;
  readonly VERTEX: 0x0020;
  readonly UNIFORM: 0x0040;
  readonly STORAGE: 0x0080;
  readonly INDIRECT: 0x0100;
  readonly QUERY_RESOLVE: 0x0200;
};

declare const GPUMapMode: {
  readonly READ: 0x0001;
  readonly WRITE: 0x0002;
};

declare const GPUShaderStage: {
  readonly VERTEX: 0x1;
  readonly FRAGMENT: 0x2;
  readonly COMPUTE: 0x4;
};
