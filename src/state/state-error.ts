import { BeltError } from '../core/error.js'

export function damagedState(where: string, why: string, cause?: unknown): BeltError {
  return new BeltError('state-damaged', `the state ${where} is damaged: ${why}`, {
    hint: 'Restore it from a backup, or move it away: the next plan rebuilds what it can from the databases.',
    cause,
  })
}

export function newerState(where: string, why: string): BeltError {
  return new BeltError('state-newer', `the state ${where} is newer than what this run knows: ${why}`, {
    hint: 'Another run or a newer belt has written it. Let that run finish, then run the same command again.',
  })
}

export function unreachableState(where: string, afterMs: number): BeltError {
  return new BeltError('state-unreachable', `the state ${where} could not be written within ${afterMs / 1000} s`, {
    hint: 'See that the target answers, then run the same command again.',
  })
}

function otherLineage(where: string, found: string, wanted: string): BeltError {
  return new BeltError(
    'state-other-lineage',
    `the state ${where} belongs to another migration (lineage ${found}, not ${wanted})`,
    {
      hint: 'Each migration needs a state of its own: another state.path, or with backend postgres another name. If a database was replaced on purpose, move the file away, or delete its row in belt.state, and drop what the old lineage left on the server that stayed: its slot keeps the log until then, and it stands in pg_replication_slots as belt_….',
    },
  )
}

/** What another migration remembers (marks, pairs, the stage) would be taken for this one's: `state-other-lineage`. */
export function checkLineage(state: { readonly lineage: string } | undefined, lineage: string, where: string): void {
  if (state !== undefined && state.lineage !== lineage) throw otherLineage(where, state.lineage, lineage)
}
