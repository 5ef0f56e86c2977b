import { receiveMessageOnPort } from 'node:worker_threads'

/** @import { WorkerInput } from './messages.js' */

/** The main thread holds the socket back by what it hears of, so it must hear often. */
const REPORT_EVERY = 256 * 1024

/**
 * The server's bytes as libpq reads them from its socket.
 *
 * libpq takes the socket for non-blocking: after a long read it reads on until it hears that there is no more, and only
 * then waits with poll(), which in this build returns at once. So the first read that finds nothing says so, and the
 * next one waits. The thread never returns to its event loop meanwhile: hence a queue that can be asked, and a counter
 * that can be waited on.
 */
export class SocketReader {
  /** @type {Uint8Array} */
  #pending = new Uint8Array()
  #ended = false
  #mayWait = true
  #unreported = 0
  #input
  #report

  /**
   * @param {Pick<WorkerInput, 'fromServer' | 'arrivals'>} input
   * @param {(bytes: number) => void} report hears how much has been read
   */
  constructor(input, report) {
    this.#input = input
    this.#report = report
  }

  /** libpq has asked for something: there is nothing left for it to do but to wait for the answer. */
  expectAnswer() {
    this.#mayWait = true
  }

  /**
   * @param {number} room
   * @returns {Uint8Array | undefined} none once the connection is closed, undefined for "none at the moment"
   */
  read(room) {
    while (this.#pending.length === 0 && !this.#ended) {
      if (this.#receive()) continue
      this.#mayWait = true
      return undefined
    }
    this.#mayWait = false
    const taken = this.#pending.subarray(0, room)
    this.#pending = this.#pending.subarray(taken.length)
    this.#unreported += taken.length
    if (this.#unreported >= REPORT_EVERY) {
      this.#report(this.#unreported)
      this.#unreported = 0
    }
    return taken
  }

  /** Takes one message from the queue, or waits for a change of it. False when there is none and waiting is not due. */
  #receive() {
    const { fromServer, arrivals } = this.#input
    const seen = Atomics.load(arrivals, 0)
    const received = /** @type {{ message: Uint8Array | null } | undefined} */ (receiveMessageOnPort(fromServer))
    if (received === undefined) {
      if (!this.#mayWait) return false
      Atomics.wait(arrivals, 0, seen)
    } else if (received.message === null) this.#ended = true
    else this.#pending = received.message
    return true
  }
}
