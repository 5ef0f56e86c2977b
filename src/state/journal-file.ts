import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { journalLine } from './journal-text.js'
import type { JournalEntry } from './journal-text.js'
import { newerState } from './state-error.js'

/** The append-only file beside a snapshot. Entries written in the same moment share one fsync. */
export class JournalFile {
  readonly #path: string
  readonly #file: FileHandle
  #size: number
  #buffer = ''
  #flushing: Promise<void> = Promise.resolve()
  /** Why the last write failed: part of its lines may be in the file, so nothing may follow them. */
  #failure: { readonly cause: unknown } | undefined

  private constructor(file: string, handle: FileHandle, size: number) {
    this.#path = file
    this.#file = handle
    this.#size = size
  }

  /** Opens it for appending, cut to `keepBytes` (0 after the snapshot was written whole). */
  static async open(file: string, keepBytes: number): Promise<JournalFile> {
    const handle = await open(file, 'a', 0o600)
    await handle.chmod(0o600)
    await handle.truncate(keepBytes)
    await handle.sync()
    await syncFolder(path.dirname(file))
    return new JournalFile(file, handle, keepBytes)
  }

  /** Takes an entry into the buffer; `flush` makes it durable. */
  add(entry: JournalEntry): void {
    this.#buffer += journalLine(entry)
  }

  /** Everything added so far is on disk when this resolves. Once it has failed it fails the same way for ever. */
  async flush(): Promise<void> {
    const turn = this.#flushing.then(() => this.#write())
    this.#flushing = turn.catch(() => undefined)
    return turn
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Empties it after its content went into a snapshot. */
  async empty(): Promise<void> {
    await this.#checkSize()
    await this.#file.truncate(0)
    await this.#file.sync()
    this.#size = 0
  }

  async #write(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.cause
    // Taken and emptied in one step: what is added while this waits for the disk belongs to the next write.
    const text = this.#buffer
    this.#buffer = ''
    if (text === '') return
    try {
      await this.#checkSize()
      await this.#file.appendFile(text)
      await this.#file.datasync()
      this.#size += Buffer.byteLength(text)
    } catch (cause) {
      this.#failure = { cause }
      throw cause
    }
  }

  /** Two runs that got past the run lock (two targets, a lost lock) must not mix their lines. */
  async #checkSize(): Promise<void> {
    const { size } = await this.#file.stat()
    if (size !== this.#size) throw newerState(this.#path, `it has ${size} bytes where this run left ${this.#size}`)
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
