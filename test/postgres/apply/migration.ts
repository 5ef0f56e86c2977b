import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { applyPlan } from '../../../src/apply/apply.js'
import type { ApplyEvent } from '../../../src/apply/apply-event.js'
import type { ApplyInput, ApplyResult } from '../../../src/apply/apply-input.js'
import type { Secret } from '../../../src/core/secret.js'
import { settingsOfSides, withBothSides } from '../../../src/inspect/both-sides.js'
import type { SidesInput } from '../../../src/inspect/both-sides.js'
import { inspectBoth } from '../../../src/inspect/inspect-both.js'
import { planDigest } from '../../../src/plan/plan-digest.js'
import type { SavedPlan } from '../../../src/plan/plan-file.js'
import { planMigration } from '../../../src/planner/plan-migration.js'
import { SecretRegistry } from '../../../src/postgres/redact.js'
import { loadSpec } from '../../../src/spec/load.js'
import { resolveSecret } from '../../../src/spec/resolve-secret.js'
import type { Spec } from '../../../src/spec/spec.js'
import { localStateStore } from '../../../src/state/local-store.js'
import type { TestDatabase } from '../../support/databases.js'
import { uniqueName } from '../../support/databases.js'
import { endReplicationAfterwards } from '../../support/end-replication.js'
import type { DatabasePair } from '../../support/servers.js'

/** A migration of two test databases, driven through belt's own modules. */
export interface TestMigration {
  readonly spec: Spec
  /** Of the spec file. */
  readonly text: string
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  readonly replicationPassword: string
  plan(): Promise<SavedPlan>
  apply(saved: SavedPlan, options?: Partial<ApplyInput>): Promise<Applied>
}

export interface Applied {
  readonly result: ApplyResult | undefined
  readonly error: unknown
  readonly events: readonly ApplyEvent[]
}

export async function testMigration(
  { source, target }: DatabasePair,
  { copy = [], reverse = false }: { readonly copy?: readonly string[]; readonly reverse?: boolean } = {},
): Promise<TestMigration> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'apply-'))
  endReplicationAfterwards(source, target)
  const replicationPassword = uniqueName('repl-secret')
  const env = { SOURCE_PW: source.password, TARGET_PW: target.password, REPL_PW: replicationPassword }
  const name = uniqueName('m')
  const text = [
    'version: 1',
    `name: ${name}`,
    'stage: replicating',
    ...endpoint('source', source, 'SOURCE_PW'),
    ...endpoint('target', target, 'TARGET_PW'),
    `roles: { replication: { name: ${uniqueName('repl')}, password: { env: REPL_PW } }, copy: ${JSON.stringify(copy)} }`,
    `reverse: { enabled: ${String(reverse)} }`,
  ].join('\n')
  const resolve = (reference: Parameters<typeof resolveSecret>[0]): Promise<Secret> =>
    resolveSecret(reference, { env, baseDir: folder })
  const loaded = await loadSpec(text, 'belt.yaml', { env, baseDir: folder, resolveSecret: resolve })
  if (loaded.spec === undefined) throw new Error(JSON.stringify(loaded.diagnostics, undefined, 2))
  const { spec } = loaded
  const sides = (run: string): SidesInput => ({
    spec,
    resolveSecret: resolve,
    secrets: new SecretRegistry(),
    runId: run,
    searchPath: [],
  })
  const signal = new AbortController().signal
  return {
    spec,
    text,
    env,
    folder,
    replicationPassword,
    plan: async () => {
      const inspection = await withBothSides(sides(uniqueName('p')), signal, (both) => inspectBoth(both, signal))
      const state = await localStateStore(spec.state.path).read()
      const plan = planMigration({ spec, inspection, state, now: '2026-11-05T10:15:00Z' })
      return { plan, digest: planDigest(plan) }
    },
    apply: async (saved, options = {}) => {
      const run = uniqueName('r')
      const input = sides(run)
      const events: ApplyEvent[] = []
      const apply: ApplyInput = {
        spec,
        saved,
        store: localStateStore(spec.state.path),
        run,
        connections: settingsOfSides(input),
        secrets: input.secrets,
        resolveSecret: resolve,
        inspect: (either) => withBothSides(input, either, (both) => inspectBoth(both, either)),
        replan: (inspection, state) => planMigration({ spec, inspection, state, now: '2026-11-05T10:15:00Z' }),
        stop: new AbortController().signal,
        emit: () => undefined,
        ...options,
      }
      const both = (event: ApplyEvent): void => {
        events.push(event)
        options.emit?.(event)
      }
      return applyPlan({ ...apply, emit: both }, signal).then(
        (result) => ({ result, error: undefined, events }),
        (error: unknown) => ({ result: undefined, error, events }),
      )
    },
  }
}

function endpoint(side: string, database: TestDatabase, password: string): readonly string[] {
  const { host, port, user } = database
  return [
    `${side}:`,
    `  host: ${host}`,
    `  port: ${String(port)}`,
    `  database: ${database.database}`,
    `  tls: disable`,
    `  admin: { user: ${user}, password: { env: ${password} } }`,
    `  reachable_at: { host: ${host}, port: ${String(port)}, tls: disable }`,
  ]
}
