import type { EngineName } from '../../../../src/spec/spec.js'
import { withPglogical } from '../../../support/debian.js'
import { ownPair, type OwnPair } from './servers.js'

/** What carries the changes of a migration, and between which majors. */
export interface Carried {
  readonly engine: EngineName
  readonly from: 13 | 15
  readonly to: 15 | 17
}

export const NATIVE: Carried = { engine: 'native', from: 15, to: 17 }

/** The way back from 15 to 13 is pglogical's too, the one from 17 to 15 Postgres' own. */
export const PGLOGICAL: readonly Carried[] = [
  { engine: 'pglogical', from: 15, to: 17 },
  { engine: 'pglogical', from: 13, to: 15 },
]

export const ENGINES: readonly Carried[] = [NATIVE, ...PGLOGICAL]

export async function carriedPair(name: string, { engine, from, to }: Carried): Promise<OwnPair> {
  if (engine === 'native') return ownPair(name, { major: from }, { major: to })
  return ownPair(name, await withPglogical(from), await withPglogical(to))
}

/** Tables of the shop that only a pause carries: those whose changes the engine cannot stream. */
export function notStreamed({ engine }: Carried): readonly string[] {
  return engine === 'native' ? ['public.documents'] : ['public.documents', 'public.keyless']
}
