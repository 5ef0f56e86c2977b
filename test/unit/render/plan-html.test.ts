import { describe, expect, it } from 'vitest'
import { planHtml } from '../../../src/render/html/plan-html.js'
import { HOSTILE, SMALL_PLAN, tableAction } from './support/plan.js'

describe('a plan as a page', () => {
  it('loads nothing and runs nothing', () => {
    const page = planHtml(SMALL_PLAN, 'belt apply x')
    expect(page).toContain(`default-src 'none'`)
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(|@import/)
  })

  it('shows every action with its SQL, findings and totals', () => {
    const page = planHtml(SMALL_PLAN, 'belt apply x')
    for (const action of SMALL_PLAN.actions) expect(page).toContain(`id="${action.id.replaceAll('"', '&quot;')}"`)
    expect(page).toContain('create index orders_customer_idx on public.orders (customer_id);')
    expect(page).toContain('large-objects')
    expect(page).toContain('Plan: 4 to create')
    expect(page.match(/<li/g)?.length).toBe(page.match(/<\/li>/g)?.length)
  })

  it('takes every name as text', () => {
    const page = planHtml(
      {
        ...SMALL_PLAN,
        name: HOSTILE,
        source: { ...SMALL_PLAN.source, host: HOSTILE },
        actions: [
          tableAction(HOSTILE, { note: HOSTILE, undo: HOSTILE, hazards: [{ code: HOSTILE, message: HOSTILE }] }),
        ],
        deferred: [{ what: HOSTILE, until: 'cutover', why: HOSTILE }],
        diagnostics: [{ severity: 'error', code: 'x', message: HOSTILE, fix: HOSTILE }],
      },
      HOSTILE,
    )
    expect(page).not.toContain('<img')
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(8)
  })
})
