/** @import { WasmMemory } from './wasm-memory.js' */

/** Error numbers as WASI counts them. */
const EBADF = 8
const ENOENT = 44
const ENOSYS = 52
const ENOTTY = 59
const ESPIPE = 70

const STDOUT = 1
const STDERR = 2
const CHARACTER_DEVICE = 2
const O_RDWR = 2
const F_GETFL = 3

/** Thrown through the program when it calls exit(). */
export class ProgramExit extends Error {
  /** @param {number} code */
  constructor(code) {
    super(`exit ${String(code)}`)
    this.code = code
  }
}

/**
 * @typedef {object} Outside
 * @property {Readonly<Record<string, string>>} environment
 * @property {(bytes: Uint8Array) => void} stdout gets a copy
 * @property {(bytes: Uint8Array) => void} stderr gets a copy
 */

/**
 * The operating system as pg_dump sees it: no files at all, standard output and error, a clock in UTC, and one socket
 * whose bytes go through pg_dump's own read and write callbacks and not through here.
 * @param {WasmMemory} memory
 * @param {Outside} outside
 */
export function systemCalls(memory, outside) {
  const variables = Object.entries(outside.environment).map(([name, value]) => `${name}=${value}`)
  /** What each descriptor stands for; dup() makes more. @type {Map<number, number>} */
  const descriptors = new Map([0, STDOUT, STDERR].map((fd) => [fd, fd]))
  const newDescriptor = (/** @type {number} */ of) => {
    const fd = Math.max(...descriptors.keys()) + 1
    descriptors.set(fd, of)
    return fd
  }
  const absent = () => -ENOENT
  const refused = () => -ENOSYS
  const nothing = () => 0
  const exit = (/** @type {number} */ code) => {
    throw new ProgramExit(code)
  }

  const env = {
    __syscall_openat: absent,
    __syscall_faccessat: absent,
    __syscall_stat64: absent,
    __syscall_lstat64: absent,
    __syscall_newfstatat: absent,
    __syscall_readlinkat: absent,
    __syscall_unlinkat: absent,
    __syscall_chmod: absent,
    __syscall_mkdirat: refused,
    __syscall_pipe: refused,
    __syscall_getdents64: refused,
    __syscall__newselect: refused,
    __syscall_fstat64: () => -EBADF,
    __syscall_fadvise64: nothing,
    __syscall_ioctl: () => -ENOTTY,
    /** @param {number} _fd @param {number} command */
    __syscall_fcntl64: (_fd, command) => (command === F_GETFL ? O_RDWR : 0),
    /** @param {number} fd */
    __syscall_dup: (fd) => newDescriptor(descriptors.get(fd) ?? fd),
    /** @param {number} fd @param {number} as */
    __syscall_dup3: (fd, as) => (descriptors.set(as, descriptors.get(fd) ?? fd), as),
    __syscall_socket: () => newDescriptor(-1),
    /** @param {number} buffer */
    __syscall_getcwd: (buffer) => memory.setCString(buffer, '/'),
    getaddrinfo: () => -2,
    getnameinfo: () => -2,
    exit,
    emscripten_date_now: () => Date.now(),
    emscripten_get_now: () => performance.now(),
    /** @param {number} bytes */
    emscripten_resize_heap: (bytes) => Number(memory.grow(bytes >>> 0)),
    emscripten_exit_with_live_runtime: () => exit(1),
    _emscripten_runtime_keepalive_clear: nothing,
    _setitimer_js: nothing,
    _abort_js: () => {
      throw new Error('the bundled pg_dump called abort()')
    },
    /** @param {number} timezone @param {number} daylight @param {number} standardName @param {number} daylightName */
    _tzset_js: (timezone, daylight, standardName, daylightName) => {
      memory.setU32(timezone, 0)
      memory.setU32(daylight, 0)
      memory.setCString(standardName, 'UTC')
      memory.setCString(daylightName, 'UTC')
    },
    // Dates stand only in the comments of --verbose, which is never asked for.
    _localtime_js: nothing,
    _mktime_js: () => 0n,
  }

  const wasi = {
    proc_exit: exit,
    fd_close: nothing,
    fd_sync: nothing,
    fd_seek: () => ESPIPE,
    /** @param {number} _fd @param {number} _list @param {number} _count @param {number} got */
    fd_read: (_fd, _list, _count, got) => (memory.setU32(got, 0), 0),
    /** @param {number} _fd @param {number} at */
    fd_fdstat_get: (_fd, at) => {
      memory.bytes(at, 24).fill(0)
      memory.bytes(at, 1)[0] = CHARACTER_DEVICE
      return 0
    },
    /** @param {number} fd @param {number} list @param {number} count @param {number} written */
    fd_write: (fd, list, count, written) => {
      const to = descriptors.get(fd)
      if (to !== STDOUT && to !== STDERR) return EBADF
      let total = 0
      for (let at = list; at < list + count * 8; at += 8) {
        const chunk = memory.bytes(memory.u32(at), memory.u32(at + 4)).slice()
        if (chunk.length > 0) (to === STDOUT ? outside.stdout : outside.stderr)(chunk)
        total += chunk.length
      }
      memory.setU32(written, total)
      return 0
    },
    /** @param {number} _clock @param {bigint} _precision @param {number} at */
    clock_time_get: (_clock, _precision, at) => (memory.setU64(at, BigInt(Date.now()) * 1_000_000n), 0),
    /** @param {number} count @param {number} size */
    environ_sizes_get: (count, size) => {
      memory.setU32(count, variables.length)
      memory.setU32(
        size,
        variables.reduce((sum, v) => sum + new TextEncoder().encode(v).length + 1, 0),
      )
      return 0
    },
    /** @param {number} list @param {number} buffer */
    environ_get: (list, buffer) => {
      let at = buffer
      for (const [i, variable] of variables.entries()) {
        memory.setU32(list + i * 4, at)
        at += memory.setCString(at, variable)
      }
      return 0
    },
  }
  return { env, wasi }
}
