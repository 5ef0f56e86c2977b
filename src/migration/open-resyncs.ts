import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { MigrationContext } from './context.js'

const BEGUN = /^resync-begun\.(\d+)\.(.*)$/s

export interface OpenResync {
  readonly number: number
  /** As `quoteQualified` writes it. */
  readonly relation: string
}

/** Every copy anew of one table that was begun, by the records on the target. */
export function begunResyncs({ target, names }: MigrationContext): readonly OpenResync[] {
  return (target.records ?? [])
    .filter((r) => r.lineage === names.lineage)
    .flatMap(({ action }) => {
      const [, number, relation] = BEGUN.exec(action) ?? []
      return number === undefined || relation === undefined ? [] : [{ number: Number(number), relation }]
    })
}

/** Those of them whose old rows are not gone yet. */
export function openResyncs(context: MigrationContext): readonly OpenResync[] {
  const { target, names } = context
  return begunResyncs(context).filter(
    ({ number, relation }) => target.recordOf(names.lineage, emptiedId(number, relation)) === undefined,
  )
}

/** The record that the old rows are gone. */
export function emptiedId(number: number, relation: string): ActionId {
  return actionId('resync-emptied', String(number), relation)
}
