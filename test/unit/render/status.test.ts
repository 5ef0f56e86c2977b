import { describe, expect, it } from 'vitest'
import { driftJson, driftText, hasDrift } from '../../../src/render/drift.js'
import { partialText } from '../../../src/render/status/partial-text.js'
import type { PartialStatus, Unreached } from '../../../src/render/status/partial-status.js'
import { statusText } from '../../../src/render/status/status-text.js'
import type { Status } from '../../../src/render/status/status.js'
import { textStyle } from '../../../src/render/text/style.js'
import { EMPTY_PLAN, HOSTILE, SMALL_PLAN } from './support/plan.js'

const style = textStyle(false, 100)
const DISABLED = {
  severity: 'error',
  code: 'drift-subscription-disabled',
  side: 'target',
  message: 'subscription belt_shop_f is disabled; the source keeps all log since',
  fix: 'alter subscription belt_shop_f enable',
} as const

const STATUS: Status = {
  name: 'shop',
  stage: 'prepared',
  wanted: 'replicating',
  source: EMPTY_PLAN.source,
  target: EMPTY_PLAN.target,
  replication: {
    from: 'source',
    subscription: 'belt_shop_f',
    enabled: false,
    running: false,
    failing: false,
    slot: 'belt_shop_f',
    lagBytes: 123_456_789,
    retainedBytes: 200_000_000,
    walStatus: 'extended',
    tables: { ready: 11, data: 1 },
    notReady: ['public.orders'],
  },
  targetFence: 'open',
  alarms: [DISABLED],
  leftovers: [{ side: 'target', what: 'replication origin pg_16500 may be left over' }],
  run: { id: 'r1', plan: 'd', host: 'ci-1', pid: 7, startedAt: '2026-11-05T10:00:00Z' },
  verifications: [
    {
      at: '2026-11-05T09:00:00Z',
      ageSeconds: 3_900,
      evidence: {
        verdict: 'different',
        rowVerdict: 'different',
        begunAt: '2026-11-05T08:59:00Z',
        stream: '0123456789abcdef',
        unsettled: [],
        depth: 'full',
        patterns: [],
        publisher: 'source',
        tables: 12,
        notCompared: 1,
        rows: 1_234_567,
        chunks: 40,
        differences: 3,
        structureDifferences: 0,
        lsn: { source: { from: '0/1', to: '0/2' }, target: { from: '0/1', to: '0/2' } },
        durationMs: 60_000,
      },
    },
  ],
  serving: 'source',
  sourceFence: 'open',
  pauses: [
    {
      handover: 'cutover',
      outcome: 'given up',
      from: '2026-11-05T08:00:00.000Z',
      to: '2026-11-05T08:00:01.500Z',
      ms: 1500,
      actions: [
        { action: 'fence.source', startMs: 0, ms: 20 },
        { action: 'rows.target.public.a', startMs: 100, ms: 900 },
        { action: 'rows.target.public.b', startMs: 100, ms: 400 },
      ],
      ageSeconds: 7_200,
    },
  ],
  failed: [{ action: 'index.public.a', error: 'no space left' }],
  holder: 'belt/shop/r1 (process 4711, user postgres, from 10.0.0.1)',
  state: { location: '/var/lib/belt/shop.state.json', serial: 12 },
}

describe('status', () => {
  it('tells stage, replication, fence, run, lock and alarms', () => {
    expect(statusText(STATUS, style, 'belt drift')).toMatchInlineSnapshot(`
      "shop  stage prepared; the spec asks for replicating
        source       shop on db1.example:5432, Postgres 15.20 (serves)
        target       shop on db2.example:5432, Postgres 17.11 (OPEN to applications)
        replication  disabled, 118 MB behind, source keeps 191 MB of log, slot extended
        tables       11 tables ready and 1 table data: public.orders
        last run     r1 on ci-1, started 2026-11-05T10:00:00Z, not finished: it runs, or it was killed
        verified     DIFFERENT 1 h 5 min ago: every row, 12 tables, 1,234,567 rows (2026-11-05T09:00:00Z)
        pause        cutover 2 h ago: applications could not write for 1,500 ms, then it was given up;
                     rows.target.public.a 900 ms, rows.target.public.b 400 ms, fence.source 20 ms, between
                     them 580 ms
        left over    target: replication origin pg_16500 may be left over
        lock         held by belt/shop/r1 (process 4711, user postgres, from 10.0.0.1)
        state        /var/lib/belt/shop.state.json, change 12
        failed       index.public.a: no space left

      Alarms
        error drift-subscription-disabled (target): subscription belt_shop_f is disabled; the source keeps
        all log since
          fix: alter subscription belt_shop_f enable

      Next: belt drift
      "
    `)
  })

  it('tells of a migration that has not begun, or is over, and not who serves', () => {
    const { replication: _, run: __, holder: ___, serving: ____, ...rest } = STATUS
    const text = statusText(
      { ...rest, stage: 'absent', targetFence: 'not belt’s yet', alarms: [], failed: [], state: { location: '/x' } },
      style,
      'belt plan',
    )
    expect(text).not.toMatch(/serves|to applications|belt’s yet/)
    expect(text).toMatch(/replication +none/)
    expect(text).toMatch(/last run +none/)
    expect(text).toMatch(/lock +free/)
    expect(text).toContain('/x (not there yet)')
  })

  it('lets nothing act on the terminal', () => {
    const text = statusText(
      { ...STATUS, name: HOSTILE, holder: HOSTILE, failed: [{ action: HOSTILE, error: HOSTILE }] },
      style,
      'x',
    )
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})

describe('status while a server cannot be reached', () => {
  const partial: PartialStatus = {
    ...{ name: 'shop', wanted: 'cutover', recordedStage: 'replicating', verifications: [], pauses: [] },
    source: {
      ...{ reached: false, host: 'db1.example', port: 5432, database: 'shop' },
      ...{ code: 'connect-failed', message: 'cannot connect to postgres@db1.example:5432/shop: connection refused' },
    },
    target: {
      reached: true,
      server: EMPTY_PLAN.target,
      applications: 'kept out',
      subscriptions: [{ name: 'belt_shop_f', enabled: true, running: false, tables: { ready: 12 } }],
      slots: [],
    },
    failed: STATUS.failed,
    ...(STATUS.run === undefined ? {} : { run: STATUS.run }),
    state: STATUS.state,
  }

  it('tells what the state and the other server say, and names the one that is silent', () => {
    expect(partialText(partial, style, 'belt status')).toMatchInlineSnapshot(`
      "shop  stage replicating by its state; the spec asks for cutover
        source       shop on db1.example:5432 NOT REACHED: cannot connect to
                     postgres@db1.example:5432/shop: connection refused
        target       shop on db2.example:5432, Postgres 17.11 (belt’s records there: applications are kept
                     out)
        replication  target: subscription belt_shop_f, no worker runs, 12 tables ready
        last run     r1 on ci-1, started 2026-11-05T10:00:00Z, not finished: it runs, or it was killed
        state        /var/lib/belt/shop.state.json, change 12
        failed       index.public.a: no space left

      The source could not be looked at: what stands above is only a part.
      Next: belt status
      "
    `)
  })

  it('tells of a source alone, and of a state that was on the target', () => {
    const { recordedStage: _, ...unknown } = partial
    const text = partialText(
      {
        ...unknown,
        source: {
          ...{
            reached: true,
            server: EMPTY_PLAN.source,
            applications: 'kept out',
            serves: 'target',
            subscriptions: [],
          },
          slots: [{ name: 'belt_shop_f', active: false, retainedBytes: 200_000_000, walStatus: 'extended' }],
        },
        target: { ...partial.source, host: '::1' } as Unreached,
        state: { location: 'x', error: `lost ${HOSTILE}` },
      },
      textStyle(false, 200),
      'x',
    )
    expect(text).toContain('shop  stage not known; the spec asks for cutover')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('applications are kept out, the target serves')
    expect(text).toContain('source: slot belt_shop_f keeps 191 MB of log, nobody reads it, extended')
    expect(text).toContain('shop on [::1]:5432 NOT REACHED')
    expect(text).toContain('cannot be read: lost')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})

describe('drift', () => {
  const at = { ...EMPTY_PLAN, from: 'replicating' as const }

  it('is none when nothing is to do and all works', () => {
    expect(hasDrift({ plan: at, alarms: [], replicates: true })).toBe(false)
    expect(driftText({ plan: at, alarms: [], replicates: true }, style, 'belt status')).toContain(
      'No drift: shop is at stage replicating and replication works.',
    )
  })

  it('does not say that replication works where nothing replicates', () => {
    for (const stage of ['prepared', 'finalized'] as const) {
      const plan = { ...EMPTY_PLAN, from: stage, to: stage }
      expect(driftText({ plan, alarms: [], replicates: false }, style, 'x')).toContain(
        `No drift: shop is at stage ${stage}; nothing replicates.`,
      )
    }
  })

  it('is what a plan would do, what is wrong with it, and what does not work', () => {
    expect(hasDrift({ plan: SMALL_PLAN, alarms: [], replicates: true })).toBe(true)
    expect(hasDrift({ plan: at, alarms: [DISABLED], replicates: true })).toBe(true)
    const finding = { severity: 'error', code: 'wal-level', message: 'wal_level is replica' } as const
    expect(hasDrift({ plan: { ...at, diagnostics: [finding] }, alarms: [], replicates: true })).toBe(true)
    const text = driftText({ plan: SMALL_PLAN, alarms: [DISABLED], replicates: true }, style, 'belt plan')
    expect(text).toContain('drift-subscription-disabled')
    expect(text).toContain('+ target  index public.orders_customer_idx')
    expect(text).toContain('Drift: 1 thing wrong; 4 to create')
    expect(JSON.parse(driftJson({ plan: SMALL_PLAN, alarms: [DISABLED], replicates: true }, 'x'))).toMatchObject({
      v: 1,
      drift: true,
      findings: [DISABLED],
      totals: { create: 4 },
    })
  })

  it('is not a warning that was accepted, such as a table without a key', () => {
    const warning = { severity: 'warning', code: 'large-objects', message: 'x' } as const
    expect(hasDrift({ plan: { ...at, diagnostics: [warning] }, alarms: [], replicates: true })).toBe(false)
  })
})
