import type { Action } from '../actions/action.js'
import { fingerprint } from '../core/fingerprint.js'
import type { Estimate } from './plan.js'

/** Sizes count as changed once they are another power of ten. */
const STEP = 10

/**
 * What an approval is given to, in eight characters: all that an action does and, roughly, how much it touches. Another
 * name, place in the plan or wording changes nothing; another statement, table or size does, and the approval lapses.
 */
export function approvalDigest(action: Action, estimate: Estimate | undefined): string {
  const { title: _title, note: _note, after: _after, reads: _reads, hazards, ...does } = action
  const risks = hazards.map((h) => h.code)
  return fingerprint({ ...does, risks, rows: magnitude(estimate?.rows), bytes: magnitude(estimate?.bytes) }).slice(0, 8)
}

function magnitude(amount = 0): number {
  return amount < STEP ? 0 : Math.floor(Math.log10(amount))
}
