import { BeltError } from '../core/error.js'
import type { Session } from './session.js'

export interface TransactionOptions {
  /** `read committed` by default. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
  /** Only with serializable and readOnly: waits for a snapshot that no serialization failure can spoil. */
  readonly deferrable?: boolean
  /** Ends the transaction by calling `commit`, once all else is done: to write something last. */
  readonly ending?: (commit: () => Promise<'committed' | 'rolled back'>) => Promise<'committed' | 'rolled back'>
}

/**
 * Runs `use` between begin and commit; rolls back when it throws and passes the error on. A commit of a transaction
 * whose error `use` swallowed is answered by the server with a rollback: that is the error `not-committed`.
 */
export async function inTransaction<Result>(
  session: Session,
  options: TransactionOptions,
  use: () => Promise<Result>,
): Promise<Result> {
  const isolation = options.isolation ?? 'read committed'
  const access = options.readOnly === true ? 'read only' : 'read write'
  const deferrable = options.deferrable === true ? ', deferrable' : ''
  await session.exec(`begin isolation level ${isolation}, ${access}${deferrable}`)
  try {
    const result = await use()
    const commit = (): Promise<'committed' | 'rolled back'> => session.commit()
    if ((await (options.ending ?? ((end) => end()))(commit)) === 'rolled back') {
      throw new BeltError('not-committed', 'the transaction was rolled back: one of its statements had failed')
    }
    return result
  } catch (error) {
    await session.rollback()
    throw error
  }
}
