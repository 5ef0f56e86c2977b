import { describe, expect, it } from 'vitest'
import { nextAfterPlan } from '../../../src/cli/next-command.js'
import { driftText } from '../../../src/render/drift.js'
import { planText } from '../../../src/render/plan/plan-text.js'
import { textStyle } from '../../../src/render/text/style.js'
import { EMPTY_PLAN, HOSTILE, SMALL_PLAN, tableAction } from './support/plan.js'

const style = textStyle(false, 100)
const options = { style, next: 'belt apply plans/shop.json' }

describe('a plan as text', () => {
  it('shows what happens where, with locks, hazards and what is put off', () => {
    expect(planText(SMALL_PLAN, options)).toMatchInlineSnapshot(`
      "shop  absent → replicating  (engine native)
        source  shop on db1.example:5432, Postgres 15.20
        target  shop on db2.example:5432, Postgres 17.11

      + create  ~ change  - drop  > run  = gate  ! repair

      Schema, as far as the copy needs it
        + target  table public.orders
        + target  table public."order lines"

      Replication
        + source  replication slot belt_shop_01234567_f
                  Waits for every write transaction and prepared transaction of the whole source cluster.
                  hazard retains-wal: from here on the source keeps its log until the target has confirmed
                         it
                  │ select pg_catalog.pg_create_logical_replication_slot('belt_shop_01234567_f', 'pgoutput');

      Initial copy
        > target  copy of 2 tables

      What is built once the rows are there
        + target  index public.orders_customer_idx
                  Built while changes stream; apply of the table waits for it.
                  lock: SHARE on public.orders, tried for 3.0 s at a time

      Left for later on purpose
        · constraint public.orders.total_positive, until cutover: it is NOT VALID: rows that still arrive
          could be refused

      Findings
        warning large-objects (source): the source holds 3 large objects, which logical replication does
        not carry
          fix: Copy them yourself at cutover.

      Right now (2026-11-05T10:00:00Z); changes by itself
        to copy: about 12,345,678 rows, 1.86 GB
        largest pieces of work:
          > copy of 2 tables: about 12,345,678 rows, 1.86 GB, about 1 min 35 s
          + index public.orders_customer_idx: 11.4 MB, about 4.2 s
        warning open-transaction (source): process 4711 (app) writes since 45 s; creating the slot waits
        for it

      Plan: 4 to create, 0 to change, 0 to drop, 1 to run, 0 gates.
      Next: belt apply plans/shop.json
      "
    `)
  })

  it('says that nothing is to be done, and what holds instead', () => {
    expect(planText({ ...EMPTY_PLAN, from: 'replicating' }, options)).toMatchInlineSnapshot(`
      "shop  at replicating  (engine native)
        source  shop on db1.example:5432, Postgres 15.20
        target  shop on db2.example:5432, Postgres 17.11

      No changes: shop is at stage replicating, and both databases are as the spec says.
      Next: belt apply plans/shop.json
      "
    `)
  })

  it('does not claim a stage that no apply has recorded, and names the command that does', () => {
    const plan = { ...EMPTY_PLAN, from: 'finalized', to: 'absent' } as const
    const next = nextAfterPlan(plan, { file: 'belt.yaml' }, undefined)
    expect(next).toBe('belt apply')
    expect(planText(plan, { ...options, next })).toContain(
      'Nothing is left to do for stage absent; belt apply looks once more and records that it is reached.',
    )
    const drift = driftText({ plan, alarms: [], replicates: false }, style, next)
    expect(drift).toContain('No drift. Nothing is left to do for stage absent')
    expect(nextAfterPlan({ ...plan, from: 'absent' }, { file: 'belt.yaml' }, undefined)).toBe('belt status')
  })

  it('cannot be applied when a finding is an error', () => {
    const text = planText(
      {
        ...SMALL_PLAN,
        diagnostics: [{ severity: 'error', code: 'wal-level', message: 'wal_level is replica', side: 'source' }],
      },
      options,
    )
    expect(text).toContain('1 error: this plan cannot be applied until it is fixed.')
    expect(text).not.toContain('Plan:')
  })

  it('shows all SQL when asked', () => {
    const text = planText(SMALL_PLAN, { ...options, sql: true })
    for (const action of SMALL_PLAN.actions) {
      for (const statement of action.sql) {
        for (const line of statement.split('\n')) expect(text).toContain(line)
      }
    }
  })

  it('has nothing of the moment in it without the volatile part', () => {
    const stable = planText(SMALL_PLAN, { ...options, withoutVolatile: true })
    const later = { ...SMALL_PLAN, volatile: { ...EMPTY_PLAN.volatile, createdAt: 'later' } }
    expect(planText(later, { ...options, withoutVolatile: true })).toBe(stable)
  })

  it('counts routine actions of a big plan by kind, and every one of them', () => {
    const tables = Array.from({ length: 450 }, (_, i) => tableAction(`t${i}`))
    const risky = tableAction('risky', { hazards: [{ code: 'rewrite', message: 'rewrites the table' }] })
    const plan = { ...SMALL_PLAN, actions: [...tables, risky, ...SMALL_PLAN.actions.slice(2)] }
    const text = planText(plan, options)
    expect(text).toContain('+ target  450 table actions')
    expect(text).toContain('451 routine actions counted by kind; --all lists each, --sql with its SQL.')
    expect(text).toContain('table public.risky')
    expect(text).toContain('replication slot')
    expect(text).not.toContain('t449')
    expect(text).toContain('Plan: 453 to create')
    expect(planText(plan, { ...options, all: true })).toContain('public.t449')
  })

  it('lets no name act on the terminal or break its line', () => {
    const plan = {
      ...SMALL_PLAN,
      name: HOSTILE,
      source: { ...SMALL_PLAN.source, database: HOSTILE },
      actions: [tableAction(HOSTILE, { note: HOSTILE, hazards: [{ code: 'x', message: HOSTILE }] })],
      deferred: [{ what: HOSTILE, until: 'cutover' as const, why: HOSTILE }],
      diagnostics: [{ severity: 'warning' as const, code: 'x', message: HOSTILE, fix: HOSTILE, subject: HOSTILE }],
    }
    const text = planText(plan, { ...options, sql: true })
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text).toContain('\\u001b[2J')
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toEqual([])
  })

  it('colours only when told', () => {
    expect(planText(SMALL_PLAN, options)).not.toContain('\u001b')
    expect(planText(SMALL_PLAN, { ...options, style: textStyle(true) })).toContain('\u001b[32m+\u001b[39m')
  })
})
