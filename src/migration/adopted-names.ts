import { actionId } from '../actions/base.js'
import type { BeltRecord } from '../catalog/catalog.js'
import type { DirectionNames, Names } from './names.js'

/** The record of `belt adopt`: another tool made what replicates here, under names of its own. */
export const ADOPT_ID = actionId('adopt', 'pgbelt')

/** What stands in that record, on both servers. Slots are left out: pglogical names them by all of this. */
export type AdoptedNames = Pick<Names, 'nodes'> & Readonly<Record<'forward' | 'reverse', Omit<DirectionNames, 'slot'>>>

/** What replicates under its maker's names keeps them: those that belt would give are nowhere to be found. */
export function withAdopted(names: Names, records: readonly (BeltRecord | undefined)[]): Names {
  const adopted = records.map((record) => adoptedNames(record?.before)).find((found) => found !== undefined)
  if (adopted === undefined) return names
  return {
    ...names,
    adopted: true,
    nodes: adopted.nodes,
    forward: { ...names.forward, ...adopted.forward },
    reverse: { ...names.reverse, ...adopted.reverse },
  }
}

/** Undefined where somebody has changed it into something else. */
function adoptedNames(before: unknown): AdoptedNames | undefined {
  const nodes = texts(before, 'nodes', ['source', 'target'])
  const forward = texts(before, 'forward', ['publication', 'subscription'])
  const reverse = texts(before, 'reverse', ['publication', 'subscription'])
  return nodes && forward && reverse && { nodes, forward, reverse }
}

function texts<K extends string>(
  value: unknown,
  member: string,
  keys: readonly K[],
): Readonly<Record<K, string>> | undefined {
  const found = memberOf(value, member)
  const entries = keys.map((key) => [key, memberOf(found, key)] as const)
  if (!entries.every(([, text]) => typeof text === 'string' && text !== '')) return undefined
  return Object.fromEntries(entries) as Record<K, string>
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
