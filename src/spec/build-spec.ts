import type { Position } from '../core/diagnostic.js'
import { fingerprint } from '../core/fingerprint.js'
import { parseQualified } from '../core/qualified-name.js'
import { quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import { buildEndpoint } from './build-endpoint.js'
import { buildHooks } from './build-hooks.js'
import { parseDuration, parseSize } from './quantities.js'
import type { RawSpec } from './raw-spec.js'
import type { ResolvedUrl } from './resolve-url.js'
import { secretReference, type ResolvePath } from './secret-reference.js'
import { OPERATIONS } from '../core/table-part.js'
import type { TablePart } from '../core/table-part.js'
import type { ApprovalSpec, KeylessSpec, ScopeSpec, Spec } from './spec.js'
import { dottedPath, settingPosition, type SpecTree } from './spec-tree.js'

export type UrlBySide = Readonly<Partial<Record<Side, ResolvedUrl>>>
type Body = Omit<Spec, 'positions' | 'digest'>

/** The Spec of a migration that has passed every check. */
export function buildSpec(raw: RawSpec, urls: UrlBySide, tree: SpecTree, resolve: ResolvePath): Spec {
  // Paths enter the digest as written: the same spec in another checkout means the same.
  const meaning = buildBody(raw, urls, (path) => path)
  const positions = readPositions(tree)
  const body = buildBody(raw, urls, resolve)
  const approve = body.approve.map((approval, index) => {
    const at = positions[`approve.${index}`]
    return at === undefined ? approval : { ...approval, at }
  })
  return { ...body, approve, positions, digest: fingerprint({ ...meaning, approve: [...meaning.approve].map(plain) }) }
}

function buildBody(raw: RawSpec, urls: UrlBySide, resolve: ResolvePath): Body {
  const { replication } = raw.roles
  return {
    version: 1,
    name: raw.name,
    stage: raw.stage,
    engine: raw.engine ?? 'native',
    source: buildEndpoint(raw.source, urls.source, resolve),
    target: { ...buildEndpoint(raw.target, urls.target, resolve), previewRoles: raw.target.preview_roles ?? [] },
    scope: buildScope(raw),
    roles: {
      replication: {
        name: replication.name ?? 'belt_replication',
        password: secretReference(replication.password, resolve),
      },
      copy: raw.roles.copy ?? [],
    },
    keyless: buildKeyless(raw),
    copy: { method: raw.copy?.method ?? 'subscription', jobs: raw.copy?.jobs ?? 4 },
    indexes: { jobs: raw.indexes?.jobs ?? 2, maxStallMs: duration(raw.indexes?.max_stall ?? '60s') },
    replicate: { failover: raw.replicate?.failover ?? false },
    sequences: { margin: raw.sequences?.margin ?? 1000 },
    cutover: buildCutover(raw),
    hooks: buildHooks(raw),
    reverse: { enabled: raw.reverse?.enabled ?? true },
    ...(raw.gone === undefined ? {} : { gone: raw.gone }),
    verify: {
      jobs: raw.verify?.jobs ?? 2,
      ...(raw.verify?.rate === undefined ? {} : { maxBytesPerSecond: size(raw.verify.rate) }),
      ...(raw.verify?.chunk === undefined ? {} : { chunkRows: raw.verify.chunk }),
      sampleRows: raw.verify?.sample ?? 10_000,
    },
    state: {
      backend: raw.state?.backend ?? 'local',
      path: resolve(raw.state?.path ?? `.belt/${raw.name}.state.json`),
    },
    approve: (raw.approve ?? []).map(plain),
  }
}

function plain({ hazard, action, reason, until, digest }: NonNullable<RawSpec['approve']>[number]): ApprovalSpec {
  return { hazard, action, reason, until, ...(digest === undefined ? {} : { digest }) }
}

function buildScope({ scope }: RawSpec): ScopeSpec {
  const { exclude = [], schema_only = [], with_rows, row_filters = {}, column_lists = {} } = scope?.tables ?? {}
  const operations = byTable(scope?.tables?.operations ?? {})
  const filters = byTable(row_filters)
  const columns = byTable(column_lists)
  const parts = [...new Set([...filters.keys(), ...columns.keys(), ...operations.keys()])].sort().map((table) => {
    const filter = filters.get(table)
    const list = columns.get(table)
    const changes = operations.get(table)
    const part: TablePart = {
      ...(filter === undefined ? {} : { filter }),
      ...(list === undefined ? {} : { columns: [...list].sort() }),
      ...(changes === undefined ? {} : { operations: OPERATIONS.filter((o) => changes.includes(o)) }),
    }
    return [table, part] as const
  })
  return {
    schemas: scope?.schemas ?? [],
    excludeTables: exclude,
    schemaOnlyTables: schema_only,
    ...(with_rows === undefined ? {} : { tablesWithRows: with_rows }),
    ...(parts.length === 0 ? {} : { parts: Object.fromEntries(parts) }),
  }
}

/** By `quoteQualified`, however the file quotes the name. */
function byTable<T>(map: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(map).flatMap(([key, value]) => {
      const table = parseQualified(key)
      return table === undefined ? [] : [[quoteQualified(table.schema, table.name), value] as const]
    }),
  )
}

function buildKeyless({ keyless }: RawSpec): KeylessSpec {
  return { default: keyless?.default ?? 'replicate_full', tables: Object.fromEntries(byTable(keyless?.tables ?? {})) }
}

function buildCutover({ cutover }: RawSpec): Spec['cutover'] {
  return {
    fence: cutover?.fence ?? 'revoke_connect',
    exceptRoles: cutover?.except_roles ?? [],
    maxLagBytes: size(cutover?.max_lag ?? '16MB'),
    maxPauseMs: duration(cutover?.max_pause ?? '30s'),
    verify: cutover?.verify ?? 'full',
    verifyMaxAgeMs: duration(cutover?.verify_max_age ?? '24h'),
  }
}

function duration(text: string): number {
  return checked(parseDuration(text), text)
}

function size(text: string): number {
  return checked(parseSize(text), text)
}

/** The schema has let the text through, so that a failure here is belt's own. */
function checked(amount: number | undefined, text: string): number {
  if (amount === undefined) throw new TypeError(`the schema accepts a quantity that cannot be read: ${text}`)
  return amount
}

function readPositions(tree: SpecTree): Readonly<Record<string, Position>> {
  return Object.fromEntries([...tree.places].map(([pointer, place]) => [dottedPath(pointer), settingPosition(place)]))
}
