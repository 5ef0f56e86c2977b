/**
 * Where a position-independent WebAssembly module wants its memory: read from its `dylink.0` section (the tool
 * conventions' DynamicLinking.md), so that nothing here depends on one build of pg_dump.
 */

/** The first kilobyte stays unused, so that a null pointer points at nothing. */
const MEMORY_BASE = 1024
/** Entry 0 of the function table is the null function. */
const TABLE_BASE = 1
/** As large as on Linux: pg_dump sorts dependencies by recursion. */
const STACK_BYTES = 8 * 1024 * 1024
const MEM_INFO = 1

/**
 * @typedef {object} Layout
 * @property {number} memoryBase where the module's data begins
 * @property {number} tableBase where its functions begin in the table
 * @property {number} tableSize entries that the table must have
 * @property {number} stackTop the stack grows down from here
 * @property {number} heapBase malloc's memory begins here
 */

/**
 * @param {WebAssembly.Module} module
 * @returns {Layout}
 */
export function layoutOf(module) {
  const [section] = WebAssembly.Module.customSections(module, 'dylink.0')
  if (!section) throw new Error('the bundled pg_dump has no dylink.0 section')
  const bytes = new Uint8Array(section)
  let at = 0
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const kind = number()
    const end = number() + at
    if (kind === MEM_INFO) {
      const memorySize = number()
      number() // the alignment, at most 16
      const stackTop = align16(MEMORY_BASE + memorySize) + STACK_BYTES
      return {
        memoryBase: MEMORY_BASE,
        tableBase: TABLE_BASE,
        tableSize: TABLE_BASE + number(),
        stackTop,
        heapBase: stackTop,
      }
    }
    at = end
  }
  throw new Error('the bundled pg_dump does not say how much memory it needs')
}

/** @param {number} address */
function align16(address) {
  return Math.ceil(address / 16) * 16
}
