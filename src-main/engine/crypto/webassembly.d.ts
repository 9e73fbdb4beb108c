// TypeScript declares WebAssembly for browsers only; this is the part of it that Node has and we use.
declare namespace WebAssembly {
  class Module {
    readonly bytes: never
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module)
    readonly exports: Readonly<Record<string, unknown>>
  }
}
