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
import type { ApprovalSpec, EndpointSpec, EngineName, Spec, Stage } from '../../src/spec/spec.js'
import { localStateStore } from '../../src/state/local-store.js'
import type { State } from '../../src/state/state.js'
import { databaseOf, sql } from '../support/databases.js'
import { runFile, type Scenario, type Step } from './scenario.js'
import type { GoldenServers } from './servers.js'

const NOW = '2026-11-05T10:15:00Z'

/** One plan of a scenario: enough to make it again. */
export interface Planned {
  /** The folder its files stand in. */
  readonly folder: string
  readonly plan: Plan
  /** The same again, from a new look at both databases. */
  readonly again: () => Promise<Plan>
  /** Plans once more from the very same look. */
  readonly fromSameLook: () => Plan
}

/** Builds both databases of a scenario on empty servers, walks its story, and hands every plan of it to `check`. */
export async function playScenario(
  scenario: Scenario,
  servers: GoldenServers,
  check: (planned: Planned) => Promise<void>,
): Promise<void> {
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
    withFixedIdentity(await withBothSides(sides(runId), signal, (both) => inspectBoth(both, signal)), scenario.engine)
  const store = localStateStore(spec.state.path)
  const reach = async (stage: Stage): Promise<void> => {
    const asked: Spec = { ...live, stage, approve: APPROVED }
    const plannedFrom = (inspection: Inspection, state: State | undefined): Plan =>
      planMigration({ spec: asked, inspection, state, now: NOW })
    const plan = plannedFrom(await look('golden-first'), await store.read())
    const input = sides('golden-apply')
    const result = await applyPlan(
      {
        spec: asked,
        saved: { plan, digest: planDigest(plan) },
        store,
        run: 'golden-apply',
        connections: settingsOfSides(input),
        secrets: input.secrets,
        resolveSecret: resolve,
        inspect: () => look('golden-apply'),
        replan: plannedFrom,
        stop: signal,
        emit: () => undefined,
      },
      signal,
    )
    if (result.stage !== stage) throw new Error(`an apply to ${stage} ended at ${String(result.stage)}`)
  }
  const planned = async (step: Extract<Step, { plan: string }>): Promise<Planned> => {
    const { plan: folder, stage = spec.stage, restart } = step
    const state = asReached(await store.read(), live, spec)
    const input = { spec: { ...spec, stage }, state, now: NOW, ...(restart === true ? { restart } : {}) }
    const from = (inspection: Inspection): Plan => planMigration({ ...input, inspection })
    const inspection = await look('golden-plan')
    return {
      folder: path.join(scenario.folder, folder),
      plan: from(inspection),
      again: async () => from(await look('golden-again')),
      fromSameLook: () => from(inspection),
    }
  }
  for (const step of scenario.story) {
    if ('reach' in step) await reach(step.reach)
    else if ('plan' in step) await check(await planned(step))
    else {
      await runFile(scenario, `${step.run}-source.sql`, source)
      await runFile(scenario, `${step.run}-target.sql`, target)
    }
  }
}

/** What a walk to any stage needs. */
const APPROVED: readonly ApprovalSpec[] = [
  ['write-pause', 'fence.source'],
  ['write-pause', 'fence.target'],
  ['point-of-no-return', 'no-return.target'],
  ['point-of-no-return', 'no-return.source'],
].map(([hazard = '', action = '']) => ({ hazard, action, reason: 'test', until: '2999-12-31' }))

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

/**
 * Names and lineage of a migration follow from the identity of its clusters, which is another in every run. Debian's
 * servers are of whatever minor its archive has today.
 */
function withFixedIdentity(inspection: Inspection, engine: EngineName): Inspection {
  const fixed = (catalog: Catalog, systemIdentifier: string, minor: string, pglogical: string): Catalog => ({
    ...catalog,
    server: {
      ...catalog.server,
      systemIdentifier,
      timeline: 1,
      ...(engine === 'pglogical' ? { version: `${String(catalog.server.major)}.${minor}` } : {}),
    },
    // When belt wrote its records is a fact of these databases, and another in every run.
    records: catalog.records?.map((r) => ({ ...r, at: NOW })),
    extensions: catalog.extensions.map((e) => (e.name === 'pglogical' ? { ...e, version: pglogical } : e)),
    availableExtensions: catalog.availableExtensions.map((e) =>
      e.name === 'pglogical' ? { ...e, defaultVersion: pglogical } : e,
    ),
  })
  return {
    ...inspection,
    source: fixed(inspection.source, '7438000000000000015', '20', '2.4.2'),
    target: fixed(inspection.target, '7438000000000000017', '11', '2.4.5'),
  }
}
