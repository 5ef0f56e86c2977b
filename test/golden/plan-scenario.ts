import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { applyPlan } from '../../src/apply/apply.js'
import type { Catalog } from '../../src/catalog/catalog.js'
import type { Inspection } from '../../src/catalog/inspection.js'
import { quoteIdent } from '../../src/core/quote.js'
import type { EmbeddedServer } from '../../src/embedded/server.js'
import { settingsOfSides, type SidesInput, withBothSides } from '../../src/inspect/both-sides.js'
import { inspectBoth } from '../../src/inspect/inspect-both.js'
import { planDigest } from '../../src/plan/plan-digest.js'
import type { Plan } from '../../src/plan/plan.js'
import { planMigration } from '../../src/planner/plan-migration.js'
import { SecretRegistry } from '../../src/postgres/redact.js'
import { loadSpec } from '../../src/spec/load.js'
import { resolveSecret } from '../../src/spec/resolve-secret.js'
import type { EndpointSpec, Spec } from '../../src/spec/spec.js'
import type { State } from '../../src/state/state.js'
import { localStateStore } from '../../src/state/local-store.js'
import { databaseOf, sql } from '../support/databases.js'
import { runFile, type Scenario } from './scenario.js'
import type { GoldenServers } from './servers.js'

const NOW = '2026-11-05T10:15:00Z'

/** What a scenario came to: enough to plan it again. */
export interface Planned {
  readonly plan: Plan
  /** The same again, from a new look at both databases. */
  readonly again: () => Promise<Plan>
  /** Plans once more from the very same look. */
  readonly fromSameLook: () => Plan
}

/** Builds both databases of a scenario on empty servers and plans. */
export async function planScenario(scenario: Scenario, servers: GoldenServers): Promise<Planned> {
  const env = {
    SOURCE_ADMIN_PASSWORD: servers.source.password,
    TARGET_ADMIN_PASSWORD: servers.target.password,
    BELT_REPLICATION_PASSWORD: 'only-for-this-test',
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'golden-'))
  const resolve: SidesInput['resolveSecret'] = (reference) => resolveSecret(reference, { env, baseDir: folder })
  const shown = await loadSpec(scenario.spec, 'spec.yaml', { env, baseDir: folder, resolveSecret: resolve })
  const { spec } = shown
  if (spec === undefined) throw new Error(JSON.stringify(shown.diagnostics, undefined, 2))
  // The plan shows the spec's hosts and ports; belt itself connects to the servers of this run.
  const live: Spec = {
    ...spec,
    source: onServer(spec.source, servers.source),
    target: { ...spec.target, ...onServer(spec.target, servers.target) },
  }
  const source = await createDatabase(servers.source, spec.source.database)
  const target = await createDatabase(servers.target, spec.target.database)
  await runFile(scenario, 'source.sql', source)
  await runFile(scenario, 'target.sql', target)

  const sides = (runId: string): SidesInput => ({
    spec: live,
    resolveSecret: resolve,
    secrets: new SecretRegistry(),
    runId,
    searchPath: [],
  })
  const signal = new AbortController().signal
  const look = async (runId: string): Promise<Inspection> =>
    withFixedIdentity(await withBothSides(sides(runId), signal, (both) => inspectBoth(both, signal)))
  const store = localStateStore(spec.state.path)
  if (scenario.appliedFirst) {
    const inspection = await look('golden-first')
    const plan = planMigration({ spec: live, inspection, state: await store.read(), now: NOW })
    const input = sides('golden-apply')
    const result = await applyPlan(
      {
        spec: live,
        saved: { plan, digest: planDigest(plan) },
        store,
        run: 'golden-apply',
        connections: settingsOfSides(input),
        secrets: input.secrets,
        resolveSecret: resolve,
        inspect: () => look('golden-apply'),
        replan: (found, state) => planMigration({ spec: live, inspection: found, state, now: NOW }),
        stop: signal,
        emit: () => undefined,
      },
      signal,
    )
    if (result.stage !== spec.stage) throw new Error(`the first apply ended at ${String(result.stage)}`)
    await runFile(scenario, 'then-source.sql', source)
    await runFile(scenario, 'then-target.sql', target)
  }
  const state = asReached(await store.read(), live, spec)
  const from = (inspection: Inspection): Plan => planMigration({ spec, inspection, state, now: NOW })
  const inspection = await look('golden-plan')
  return {
    plan: from(inspection),
    again: async () => from(await look('golden-again')),
    fromSameLook: () => from(inspection),
  }
}

/** What was reached where this run's servers are counts for where the spec has them. */
function asReached(state: State | undefined, live: Spec, shown: Spec): State | undefined {
  if (state === undefined) return undefined
  const at = ({ target: { reachableAt } }: Spec): string => ` at ${reachableAt.host}:${String(reachableAt.port)}`
  const marks = Object.entries(state.marks).map(([mark, set]) => [mark.replace(at(live), at(shown)), set] as const)
  return { ...state, marks: Object.fromEntries(marks) }
}

function onServer(endpoint: EndpointSpec, { host, port }: EmbeddedServer): EndpointSpec {
  return { ...endpoint, host, port, tls: { mode: 'disable' }, reachableAt: { host, port, tls: 'disable' } }
}

async function createDatabase(server: EmbeddedServer, name: string): Promise<ReturnType<typeof databaseOf>> {
  await sql(databaseOf(server, 'postgres'), `create database ${quoteIdent(name)} template template0`)
  return databaseOf(server, name)
}

/** Names and lineage of a migration follow from the identity of its clusters, which is another in every run. */
function withFixedIdentity(inspection: Inspection): Inspection {
  const fixed = (catalog: Catalog, systemIdentifier: string): Catalog => ({
    ...catalog,
    server: { ...catalog.server, systemIdentifier, timeline: 1 },
  })
  return {
    ...inspection,
    source: fixed(inspection.source, '7438000000000000015'),
    target: fixed(inspection.target, '7438000000000000017'),
  }
}
