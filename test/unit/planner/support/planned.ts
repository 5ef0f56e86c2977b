import type { Catalog } from '../../../../src/catalog/catalog.js'
import type { Publication } from '../../../../src/catalog/replication.js'
import type { LoginProbe } from '../../../../src/catalog/login-probe.js'
import type { PartProbe } from '../../../../src/catalog/part-probe.js'
import type { StreamEvidence } from '../../../../src/catalog/stream-evidence.js'
import type { ServerFacts } from '../../../../src/catalog/server.js'
import type { Diagnostic } from '../../../../src/core/diagnostic.js'
import { otherSide } from '../../../../src/core/side.js'
import type { Side } from '../../../../src/core/side.js'
import type { Plan } from '../../../../src/plan/plan.js'
import { migrationContext } from '../../../../src/migration/context.js'
import type { MigrationContext } from '../../../../src/migration/context.js'
import type { PlanInput } from '../../../../src/planner/plan-input.js'
import { withoutSource } from '../../../../src/migration/gone-source.js'
import { planMigration } from '../../../../src/planner/plan-migration.js'
import type { State } from '../../../../src/state/state.js'
import { loadGood, MINIMAL } from '../../spec/load-text.js'
import { emptyCatalog } from './catalog.js'

/** What differs from two empty databases ready for a migration from 15 to 17. */
export interface Situation {
  readonly from?: number
  readonly to?: number
  readonly source?: Partial<Catalog>
  readonly target?: Partial<Catalog>
  readonly sourceServer?: Partial<ServerFacts>
  readonly targetServer?: Partial<ServerFacts>
  /** Settings of a server beside the usual ones. */
  readonly sourceSettings?: ServerFacts['settings']
  readonly targetSettings?: ServerFacts['settings']
  readonly login?: Partial<Record<Side, LoginProbe>>
  readonly sameCluster?: boolean
  readonly streams?: readonly StreamEvidence[]
  readonly parts?: readonly PartProbe[]
  readonly state?: State
  readonly restart?: true
  /** Names of tables of schema public. */
  readonly resync?: readonly string[]
  /** The source is switched off for good: only the target counts. */
  readonly gone?: true
  /** Words of `--only`. */
  readonly only?: readonly string[]
  /** Lines at the end of the spec, or the whole of it. */
  readonly lines?: readonly string[]
  readonly spec?: string
}

export const NOW = '2026-11-05T10:15:00Z'

export async function planOf(situation: Situation): Promise<Plan> {
  return planMigration(await inputOf(situation))
}

export async function contextOf(situation: Situation): Promise<MigrationContext> {
  const { spec, inspection, state } = await inputOf(situation)
  return migrationContext(spec, inspection, state)
}

async function inputOf(situation: Situation): Promise<PlanInput> {
  const text = situation.spec ?? `${MINIMAL}${(situation.lines ?? []).join('\n')}\n`
  const spec = await loadGood(text)
  const catalog = (side: Side): Catalog => {
    const empty = emptyCatalog(
      side,
      (side === 'source' ? situation.from : situation.to) ?? (side === 'source' ? 15 : 17),
    )
    const settings = side === 'source' ? situation.sourceSettings : situation.targetSettings
    const server = side === 'source' ? situation.sourceServer : situation.targetServer
    return {
      ...empty,
      publications: publishedFor(situation[otherSide(side)]),
      ...situation[side],
      server: { ...empty.server, settings: { ...empty.server.settings, ...settings }, ...server },
    }
  }
  const login = { source: 'no-such-role' as const, target: 'no-such-role' as const, ...situation.login }
  const alone = withoutSource(spec, catalog('target'), situation.state, login.target)
  if (situation.gone === true && alone === undefined) throw new Error('nothing says which migration this is')
  const both = {
    source: catalog('source'),
    target: catalog('target'),
    sameCluster: situation.sameCluster ?? false,
    replicationLogin: login,
    ...(situation.streams === undefined ? {} : { streams: situation.streams }),
    ...(situation.parts === undefined ? {} : { parts: situation.parts }),
  }
  const inspection = situation.gone === true && alone !== undefined ? alone : both
  const restart = situation.restart === true ? { restart: true as const } : {}
  const only = situation.only === undefined ? {} : { only: situation.only }
  const resync = { resync: (situation.resync ?? []).map((name) => ({ schema: 'public', name })) }
  return { spec, inspection, state: situation.state, now: NOW, ...restart, ...resync, ...only }
}

/** Everything reported of a situation, what holds right now included. */
export async function findingsOf(situation: Situation): Promise<readonly Diagnostic[]> {
  const plan = await planOf(situation)
  return [...plan.diagnostics, ...plan.volatile.activity]
}

/** A subscription's publication stands on the other side and holds its tables, where a situation does not say what does. */
function publishedFor({ subscriptions = [] }: Partial<Catalog> = {}): readonly Publication[] {
  return subscriptions
    .filter((s) => s.of === undefined && s.tables.length > 0)
    .map(({ name, tables }) => ({
      name,
      owner: 'postgres',
      allTables: false,
      operations: ['insert', 'update', 'delete', 'truncate'],
      viaRoot: false,
      tables: tables.map((t) => ({ schema: t.schema, name: t.name })),
    }))
}
