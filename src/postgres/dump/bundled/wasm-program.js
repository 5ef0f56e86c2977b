import { ProgramExit, systemCalls } from './system-calls.js'
import { layoutOf } from './wasm-layout.js'
import { WasmMemory } from './wasm-memory.js'

/** @import { Outside } from './system-calls.js' */

/**
 * @typedef {object} Wire The connection to the server, as libpq sees its socket.
 * @property {(room: number) => Uint8Array | undefined} read at most `room` bytes, none at the end of the stream,
 *   undefined for EAGAIN
 * @property {(bytes: Uint8Array) => void} write gets a copy
 */

/** pg_enc's number of UTF8, the only encoding that belt asks for. */
const PG_UTF8 = 6

/** What longjmp() throws, up to the call that setjmp() guards. */
class LongJump extends Error {}

/** As WASI counts errors. */
const EAGAIN = 6

/** A module that exports the function it imports: only functions of modules can stand in a table. (i32, i32) -> i32. */
const TRAMPOLINE = new WebAssembly.Module(
  // prettier-ignore
  new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0,
    1, 7, 1, 96, 2, 127, 127, 1, 127,
    2, 7, 1, 1, 101, 1, 102, 0, 0,
    7, 5, 1, 1, 102, 0, 0,
  ]),
)

/**
 * Runs the bundled pg_dump to its end. Blocks.
 * @param {WebAssembly.Module} module
 * @param {readonly string[]} args without the program's name
 * @param {Outside & { wire: Wire }} outside
 * @returns {number} the exit code
 */
export function runWasmProgram(module, args, outside) {
  const memory = new WasmMemory()
  const layout = layoutOf(module)
  const table = new WebAssembly.Table({ initial: layout.tableSize, element: 'anyfunc' })
  const { env, wasi } = systemCalls(memory, outside)

  /** Calls a function pointer for C code that uses setjmp: a longjmp arrives here as an exception. */
  const invoke = (/** @type {number} */ pointer, /** @type {number[]} */ ...values) => {
    const stack = call('emscripten_stack_get_current')
    try {
      return table.get(pointer)(...values)
    } catch (error) {
      call('_emscripten_stack_restore', stack)
      if (!(error instanceof LongJump)) throw error
      call('setThrew', 1, 0)
      return 0
    }
  }
  let encodingName = 0
  const imports = {
    ...env,
    memory: memory.memory,
    __indirect_function_table: table,
    __memory_base: new WebAssembly.Global({ value: 'i32', mutable: false }, layout.memoryBase),
    __table_base: new WebAssembly.Global({ value: 'i32', mutable: false }, layout.tableBase),
    __stack_pointer: new WebAssembly.Global({ value: 'i32', mutable: true }, layout.stackTop),
    invoke_ii: invoke,
    invoke_iiii: invoke,
    invoke_vii: invoke,
    /** @param {number} handler @param {number} signal */
    __call_sighandler: (handler, signal) => table.get(handler)(signal),
    _emscripten_throw_longjmp: () => {
      throw new LongJump()
    },
    /** The build leaves this one function of libpq out. @param {number} encoding */
    pg_encoding_to_char: (encoding) => {
      if (encoding !== PG_UTF8) throw new Error(`the bundled pg_dump was asked to write encoding ${encoding}`)
      encodingName ||= cString('UTF8')
      return encodingName
    },
  }
  const heapBase = new WebAssembly.Global({ value: 'i32', mutable: true }, layout.heapBase)
  const { exports } = new WebAssembly.Instance(module, {
    env: imports,
    wasi_snapshot_preview1: wasi,
    'GOT.mem': { __heap_base: heapBase },
  })

  /** @param {string} name @param {number[]} values @returns {number} */
  function call(name, ...values) {
    const target = exports[name]
    if (!target) throw new Error(`the bundled pg_dump has no function ${name}`)
    return target(...values)
  }
  /** @param {string} text */
  function cString(text) {
    const at = call('malloc', new TextEncoder().encode(text).length + 1)
    memory.setCString(at, text)
    return at
  }
  /** @param {(pointer: number, length: number) => number} f */
  const functionPointer = (f) => {
    const index = table.grow(1)
    table.set(index, new WebAssembly.Instance(TRAMPOLINE, { e: { f } }).exports['f'])
    return index
  }

  try {
    call('__wasm_apply_data_relocs')
    call('__wasm_call_ctors')
    const read = functionPointer((pointer, room) => {
      const bytes = outside.wire.read(room)
      if (bytes === undefined) {
        memory.setU32(call('__errno_location'), EAGAIN)
        return -1
      }
      memory.bytes(pointer, bytes.length).set(bytes)
      return bytes.length
    })
    const write = functionPointer((pointer, length) => {
      outside.wire.write(memory.bytes(pointer, length).slice())
      return length
    })
    call('pgl_set_rw_cbs', read, write)
    const list = ['pg_dump', ...args].map(cString)
    const argv = call('malloc', (list.length + 1) * 4)
    for (const [i, pointer] of [...list, 0].entries()) memory.setU32(argv + i * 4, pointer)
    const code = call('__main_argc_argv', list.length, argv)
    call('fflush', 0)
    return code
  } catch (error) {
    if (!(error instanceof ProgramExit)) throw error
    call('fflush', 0)
    return error.code
  }
}
