const PAGE = 65_536
const START_PAGES = 1024
/** 2 GiB: the limit that the module is built with. */
const MAX_PAGES = 32_768

/** The memory of a WebAssembly program, with the accesses that its host needs. Little-endian, 32-bit addresses. */
export class WasmMemory {
  memory = new WebAssembly.Memory({ initial: START_PAGES, maximum: MAX_PAGES })

  /**
   * Bytes as they are now: the view is void as soon as the memory grows.
   * @param {number} at
   * @param {number} length
   */
  bytes(at, length) {
    return new Uint8Array(this.memory.buffer, at, length)
  }

  /**
   * @param {number} at
   * @returns {string}
   */
  cString(at) {
    const all = new Uint8Array(this.memory.buffer)
    return new TextDecoder().decode(all.subarray(at, all.indexOf(0, at)))
  }

  /**
   * Writes text and the NUL that ends it.
   * @param {number} at
   * @param {string} text
   * @returns {number} the bytes written
   */
  setCString(at, text) {
    const encoded = new TextEncoder().encode(`${text}\0`)
    this.bytes(at, encoded.length).set(encoded)
    return encoded.length
  }

  /** @param {number} at */
  u32(at) {
    return new DataView(this.memory.buffer).getUint32(at, true)
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  setU32(at, value) {
    new DataView(this.memory.buffer).setUint32(at, value, true)
  }

  /**
   * @param {number} at
   * @param {bigint} value
   */
  setU64(at, value) {
    new DataView(this.memory.buffer).setBigUint64(at, value, true)
  }

  /**
   * Makes room for `wanted` bytes in all, with a fifth to spare if that is possible.
   * @param {number} wanted
   * @returns {boolean}
   */
  grow(wanted) {
    const current = this.memory.buffer.byteLength
    for (const target of [Math.max(wanted, current * 1.2), wanted]) {
      const pages = Math.min(Math.ceil(target / PAGE), MAX_PAGES)
      if (pages * PAGE < wanted) return false
      try {
        this.memory.grow(Math.max(0, pages - current / PAGE))
        return true
      } catch {
        // Not that much to be had: try with less.
      }
    }
    return false
  }
}
