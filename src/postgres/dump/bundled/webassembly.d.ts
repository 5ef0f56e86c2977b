/** The part of WebAssembly that belt uses: TypeScript has it only in the libraries of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
    static customSections(module: Module, name: string): ArrayBuffer[]
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Readonly<Record<string, ((...values: readonly number[]) => number) | undefined>>
  }
  class Memory {
    constructor(limits: { initial: number; maximum: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class Table {
    constructor(limits: { initial: number; element: 'anyfunc' })
    get(index: number): (...values: number[]) => number
    set(index: number, value: unknown): void
    grow(by: number): number
  }
  class Global {
    constructor(type: { value: 'i32'; mutable: boolean }, value: number)
  }
}
