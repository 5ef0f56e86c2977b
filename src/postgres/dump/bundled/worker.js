/**
 * Worker thread that runs the bundled pg_dump. JavaScript, not TypeScript, because a worker starts from a file: this one
 * is the same in `src` under the tests and in `dist`, where the compiler copies it to.
 */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { SocketReader } from './socket-reader.js'
import { runWasmProgram } from './wasm-program.js'

/** @import { WorkerInput, WorkerMessage } from './messages.js' */

/** Output comes in pieces of 1 KiB; a message for each would cost more than the dump. */
const BATCH = 64 * 1024

/** @param {(bytes: Uint8Array) => void} send */
function batched(send) {
  /** @type {Uint8Array[]} */
  let pieces = []
  let size = 0
  const flush = () => {
    if (size > 0) send(Buffer.concat(pieces))
    pieces = []
    size = 0
  }
  /** @param {Uint8Array} bytes */
  const add = (bytes) => {
    pieces.push(bytes)
    size += bytes.length
    if (size >= BATCH) flush()
  }
  return { add, flush }
}

/**
 * @param {WorkerInput} input
 * @param {(message: WorkerMessage) => void} post
 */
function run(input, post) {
  const stdout = batched((bytes) => {
    post({ kind: 'stdout', bytes })
  })
  const stderr = batched((bytes) => {
    post({ kind: 'stderr', bytes })
  })
  const reader = new SocketReader(input, (bytes) => {
    post({ kind: 'taken', bytes })
  })
  const code = runWasmProgram(new WebAssembly.Module(readFileSync(input.wasmFile)), input.args, {
    environment: input.environment,
    stdout: stdout.add,
    stderr: stderr.add,
    wire: {
      read: (room) => reader.read(room),
      write: (bytes) => {
        reader.expectAnswer()
        post({ kind: 'write', bytes })
      },
    },
  })
  stdout.flush()
  stderr.flush()
  post({ kind: 'exit', code })
  input.fromServer.close()
}

const parent = parentPort
if (!parent) throw new Error('this file is a worker thread')
/** @type {unknown} */
const given = workerData
run(/** @type {WorkerInput} */ (given), (message) => {
  parent.postMessage(message)
})
