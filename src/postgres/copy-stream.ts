import { PassThrough, type Readable, type Writable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { SQLSTATE } from './sqlstate.js'

/**
 * `copy … to stdout`. The driver's stream cannot be left before its end, so `use` gets a second one: when it stops
 * early, the statement is cancelled and the rest read away, and the session stays usable.
 */
export async function copyOut<Result>(
  client: pg.Client,
  text: string,
  cancel: () => Promise<unknown>,
  use: (rows: Readable) => Promise<Result>,
): Promise<Result> {
  const idle = whenIdle(client)
  const raw = client.query(copyTo(text))
  const rows = new PassThrough({ highWaterMark: 256 * 1024 })
  const outcome: { refusal?: Error; ended: boolean } = { ended: false }
  raw.once('end', () => (outcome.ended = true))
  raw.on('error', (error) => {
    outcome.refusal ??= error
    rows.destroy(error)
  })
  raw.pipe(rows)
  try {
    const result = await use(rows)
    if (!outcome.ended) throw new TypeError('the rows of a COPY were not read to the end')
    await idle
    return result
  } catch (error) {
    const refusal = outcome.refusal
    raw.unpipe(rows)
    rows.destroy()
    if (!outcome.ended && refusal === undefined) {
      raw.resume()
      await cancel().catch(() => client.connection.stream.destroy())
    }
    await idle
    throw refusal ?? error
  }
}

/** `copy … from stdin`. When `use` throws, the server is told to give the COPY up, and its error is passed on. */
export async function copyIn<Result>(
  client: pg.Client,
  text: string,
  use: (rows: Writable) => Promise<Result>,
): Promise<Result> {
  const idle = whenIdle(client)
  const raw = client.query(copyFrom(text))
  const outcome: { refusal?: Error } = {}
  raw.on('error', (error) => (outcome.refusal ??= error))
  let result: Result
  try {
    result = await use(raw)
    if (!raw.writableEnded) raw.end()
  } catch (error) {
    const refusal = outcome.refusal
    // Destroying sends CopyFail, which the driver's stream cannot do once the server has refused.
    if (refusal === undefined) raw.destroy()
    await idle
    // 57014 is only the echo of our own CopyFail: what made the writer fail says more.
    throw refusal === undefined || (refusal instanceof pg.DatabaseError && refusal.code === SQLSTATE.queryCanceled)
      ? error
      : refusal
  }
  await idle
  if (outcome.refusal !== undefined) throw outcome.refusal
  return result
}

/** Settles when the statement about to be sent has ended, well or badly, or the connection is gone. */
async function whenIdle(client: pg.Client): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      client.off('drain', done)
      client.off('end', done)
      resolve()
    }
    client.on('drain', done)
    client.on('end', done)
  })
}
