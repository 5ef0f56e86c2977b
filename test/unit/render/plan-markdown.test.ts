import { fc } from '../../support/properties.js'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { MARKDOWN_LIMIT, planMarkdown } from '../../../src/render/markdown/plan-markdown.js'
import { EMPTY_PLAN, HOSTILE, indexAction, SLOT, SMALL_PLAN, tableAction } from './support/plan.js'

const NEXT = 'belt apply plans/shop.json'

describe('a plan as Markdown', () => {
  it('is a comment with headings, a diff a phase and the SQL folded', () => {
    expect(planMarkdown(SMALL_PLAN, NEXT)).toMatchInlineSnapshot(`
      "<!-- belt-plan shop -->

      ### belt plan: \`shop\`, absent → replicating

      **Plan: 4 to create, 0 to change, 0 to drop, 1 to run, 0 gates.**

      - source: shop on db1.example:5432, Postgres 15.20
      - target: shop on db2.example:5432, Postgres 17.11
      - engine: native

      #### Findings

      - ⚠️ warning \`large-objects\` (source): the source holds 3 large objects, which logical replication does not carry Fix: Copy them yourself at cutover.

      #### Hazards

      - \`retains-wal\` at \`slot.source\` (source): from here on the source keeps its log until the target has confirmed it

      <sub>+ create  ~ change  - drop  > run  = gate  ! repair</sub>

      #### Schema, as far as the copy needs it

      \`\`\`diff
      + target  table public.orders
      + target  table public."order lines"
      \`\`\`

      <details><summary>SQL of 2 actions</summary>

      \`\`\`sql
      -- table.public.orders (target)
      create table public.orders (
        id bigint not null
      );

      -- table.public."order lines" (target)
      create table public."order lines" (
        id bigint not null
      );
      \`\`\`

      </details>

      #### Replication

      \`\`\`diff
      + source  replication slot belt_shop_01234567_f
                Waits for every write transaction and prepared transaction of the whole source cluster.
                hazard retains-wal: from here on the source keeps its log until the target has confirmed it
      \`\`\`

      <details><summary>SQL of 1 action</summary>

      \`\`\`sql
      -- slot.source (source)
      select pg_catalog.pg_create_logical_replication_slot('belt_shop_01234567_f', 'pgoutput');
      \`\`\`

      </details>

      #### Initial copy

      \`\`\`diff
      > target  copy of 2 tables
      \`\`\`

      #### What is built once the rows are there

      \`\`\`diff
      + target  index public.orders_customer_idx
                Built while changes stream; apply of the table waits for it.
                lock: SHARE on public.orders, tried for 3.0 s at a time
      \`\`\`

      <details><summary>SQL of 1 action</summary>

      \`\`\`sql
      -- index.public.orders_customer_idx (target)
      create index orders_customer_idx on public.orders (customer_id);
      \`\`\`

      </details>

      <details><summary>Left for later on purpose: 1 thing</summary>

      - \`constraint public.orders.total_positive\` until cutover: it is NOT VALID: rows that still arrive could be refused

      </details>

      <details><summary>Right now (2026\\-11\\-05T10:00:00Z); changes by itself</summary>

      - to copy: about 12,345,678 rows, 1.86 GB
      - \`copy of 2 tables\`: about 12,345,678 rows, 1.86 GB, about 1 min 35 s
      - \`index public.orders_customer_idx\`: 11.4 MB, about 4.2 s
      - ⚠️ warning \`open-transaction\` (source): process 4711 \\(app\\) writes since 45 s; creating the slot waits for it

      </details>

      Next: \`belt apply plans/shop.json\`
      "
    `)
  })

  it('says what it leaves out, and leaves out no more than it must', () => {
    const plan = (tables: number, columns = 40): Plan => ({
      ...SMALL_PLAN,
      actions: [
        ...Array.from({ length: tables }, (_, i) =>
          tableAction(`t${i}`, { sql: [`create table public.t${i} (\n${'  c text,\n'.repeat(columns)})`] }),
        ),
        SLOT,
      ],
    })
    expect(planMarkdown(plan(20), NEXT)).not.toContain('Left out here')
    const folded = planMarkdown(plan(500), NEXT)
    expect(folded).toContain('Left out here')
    expect(folded).toContain('the SQL of schema objects')
    expect(folded).toContain('pg_create_logical_replication_slot')
    expect(folded).toContain('table public.t499')
    const counted = planMarkdown(plan(5000), NEXT)
    expect(counted).toContain('5,000 table actions')
    expect(counted).not.toContain('pg_create_logical_replication_slot')
    expect(counted).toContain('replication slot belt_shop_01234567_f')
    expect(counted).toContain('Plan: 5,001 to create')
  })

  it('never exceeds what a comment may hold, and always has totals and the next command', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 1000 }), fc.constant(HOSTILE.repeat(20)))
    const many = fc.integer({ min: 0, max: 800 })
    fc.assert(
      fc.property(text, many, many, many, many, (name, tables, indexes, findings, deferred) => {
        const plan: Plan = {
          ...SMALL_PLAN,
          name,
          source: { ...SMALL_PLAN.source, database: name, host: name },
          actions: [
            ...Array.from({ length: tables }, (_, i) => tableAction(`${i}`, { note: name.slice(0, 99) })),
            ...Array.from({ length: indexes }, (_, i) => ({
              ...indexAction(`i${i}`),
              title: name,
              hazards: [{ code: name, message: name }],
            })),
          ],
          diagnostics: Array.from({ length: findings }, () => ({
            severity: 'warning',
            code: name,
            message: name,
            fix: name,
          })),
          deferred: Array.from({ length: deferred }, () => ({ what: name, until: 'cutover', why: name })),
          volatile: { ...SMALL_PLAN.volatile, createdAt: name },
        }
        const markdown = planMarkdown(plan, NEXT)
        expect(markdown.length).toBeLessThanOrEqual(MARKDOWN_LIMIT)
        expect(markdown.trimEnd().split('\n').at(-1)).toBe(`Next: \`${NEXT}\``)
        expect(markdown).toContain(tables + indexes === 0 ? 'No changes.' : 'Plan: ')
      }),
      { numRuns: 15 },
    )
  })

  it('lets no name become markup, a mention, a reference or a link', () => {
    const name = `${HOSTILE} #12 https://evil.example \`\`\`\`\n</details> [x](http://y) 0123456789abcdef`
    const plan: Plan = {
      ...SMALL_PLAN,
      name,
      actions: [tableAction(name, { note: name, hazards: [{ code: 'x', message: name }] })],
      diagnostics: [{ severity: 'warning', code: 'x', message: name, fix: name }],
      deferred: [{ what: name, until: 'cutover', why: name }],
    }
    const [marker = '', ...lines] = planMarkdown(plan, NEXT).split('\n')
    expect(marker).toMatch(/^<!-- belt-plan (?:(?!--)[\w.!~*'()%])+ -->$/)
    const outside = withoutCode(lines.join('\n'))
    expect(outside).not.toMatch(/<img|@everyone|#12|https:\/\/|\]\(|0123456789abcdef/)
    expect(outside.match(/<\/details>/g)?.length).toBe(outside.match(/<details>/g)?.length)
    expect(outside).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it('says that nothing is to be done', () => {
    expect(planMarkdown({ ...EMPTY_PLAN, from: 'replicating' }, NEXT)).toContain('**No changes.**')
  })
})

/** What a Markdown renderer does not take literally: all but fenced blocks and code spans. */
function withoutCode(markdown: string): string {
  return markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '').replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
}
