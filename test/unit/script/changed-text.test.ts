import { describe, expect, test } from 'vitest'
import { entry, only, script, statementsOf } from './dump.js'

describe('an access method that pg_dump sets beforehand stands in the statement', () => {
  test.each([
    [
      'CREATE TABLE public."with" (\n    "with" text\n)',
      'CREATE TABLE public."with" (\n    "with" text\n)\nUSING other',
    ],
    [
      "CREATE TABLE public.t (\n    a integer\n)\nINHERITS (public.u)\nWITH (fillfactor='70')",
      "CREATE TABLE public.t (\n    a integer\n)\nINHERITS (public.u)\nUSING other WITH (fillfactor='70')",
    ],
    [
      'CREATE TABLE public.t (\n    a integer\n)\nPARTITION BY RANGE (a)',
      'CREATE TABLE public.t (\n    a integer\n)\nPARTITION BY RANGE (a)',
    ],
    [
      "CREATE MATERIALIZED VIEW public.m WITH (fillfactor='70') AS\n SELECT 1\n  WITH NO DATA",
      "CREATE MATERIALIZED VIEW public.m USING other WITH (fillfactor='70') AS\n SELECT 1\n  WITH NO DATA",
    ],
    [
      'CREATE MATERIALIZED VIEW public.m AS\n SELECT 1',
      'CREATE MATERIALIZED VIEW public.m USING other AS\n SELECT 1 WITH NO DATA',
    ],
    ['CREATE VIEW public.v AS\n SELECT 1', 'CREATE VIEW public.v AS\n SELECT 1'],
  ])('%s', async (source, expected) => {
    const parsed = await script('SET default_table_access_method = other;\n\n', entry('t', 'TABLE', source))
    expect(statementsOf(parsed)).toEqual([expected])
  })

  test('until the next setting', async () => {
    const table = 'CREATE TABLE public.t (\n)'
    const parsed = await script(
      'SET default_table_access_method = other;\n\n',
      entry('t', 'TABLE', table),
      'SET default_table_access_method = heap;\n\n',
      entry('u', 'TABLE', table.replace('.t', '.u')),
    )
    expect(statementsOf(parsed)).toEqual([`${table}\nUSING other`, table.replace('.t', '.u')])
  })
})

describe('the hidden column option pg_attver is never replayed', () => {
  const TABLE = 'CREATE TABLE public.t (\n    a integer\n)'
  test.each([
    ['pg_attver=3', undefined],
    ['n_distinct=-0.5, pg_attver=3', 'n_distinct=-0.5'],
    ['pg_attver=3, n_distinct=5', 'n_distinct=5'],
    ['n_distinct=5, pg_attver=3, n_distinct_inherited=6', 'n_distinct=5, n_distinct_inherited=6'],
    ['n_distinct=5', 'n_distinct=5'],
  ])('SET (%s)', async (options, kept) => {
    const set = (list: string): string => `ALTER TABLE ONLY public.t ALTER COLUMN "é" SET (${list})`
    const { statements } = await only('TABLE', TABLE, set(options))
    expect(statements).toEqual(kept === undefined ? [TABLE] : [TABLE, set(kept)])
  })
})

test('a not-null of an inherited column is said as servers before 18 understand it', async () => {
  const { statements } = await only(
    'TABLE',
    'CREATE TABLE public.t (\n    NOT NULL "B;",\n    c numeric(3,2) DEFAULT 1,\n    NOT NULL d,\n    CONSTRAINT named NOT NULL e\n)\nINHERITS (public.u)',
    'ALTER TABLE public.t OWNER TO app',
  )
  expect(statements).toEqual([
    'CREATE TABLE public.t (\n    c numeric(3,2) DEFAULT 1,\n    CONSTRAINT named NOT NULL e\n)\nINHERITS (public.u)',
    'ALTER TABLE ONLY public.t ALTER COLUMN "B;" SET NOT NULL',
    'ALTER TABLE ONLY public.t ALTER COLUMN d SET NOT NULL',
    'ALTER TABLE public.t OWNER TO app',
  ])
  const bare = await only('TABLE', 'CREATE TABLE public.t (\n    NOT NULL b\n)\nINHERITS (public.u)')
  expect(bare.statements[0]).toBe('CREATE TABLE public.t (\n)\nINHERITS (public.u)')
})

test('an index has its concurrent form, unless it is that of a partitioned table', async () => {
  const plain = await only(
    'INDEX',
    'CREATE UNIQUE INDEX "INDEX" ON public.t USING btree ("é") WHERE (a <> \';\'::text)',
  )
  expect(plain.concurrently).toBe(
    'CREATE UNIQUE INDEX CONCURRENTLY "INDEX" ON public.t USING btree ("é") WHERE (a <> \';\'::text)',
  )
  expect(plain.index).toEqual({ unique: true, onlyParent: false })
  const parent = await only('INDEX', 'CREATE INDEX i ON ONLY public.t USING btree (a)')
  expect(parent.concurrently).toBeUndefined()
  expect(parent.index).toEqual({ unique: false, onlyParent: true })
})

describe('constraints can be added first and validated later', () => {
  const add =
    'ALTER TABLE ONLY public.t\n    ADD CONSTRAINT "c;" FOREIGN KEY (a) REFERENCES public.u(id) DEFERRABLE INITIALLY DEFERRED'
  const validate = 'ALTER TABLE public.t VALIDATE CONSTRAINT "c;"'

  test('a valid one', async () => {
    expect(await only('FK CONSTRAINT', add)).toMatchObject({
      constraint: { type: 'foreign key', notValid: false, references: { schema: 'public', name: 'u' } },
      notValidVariant: `${add} NOT VALID`,
      validate,
    })
  })

  test('one that is not valid stays so until it is validated', async () => {
    const object = await only('FK CONSTRAINT', `${add} NOT VALID`)
    expect(object).toMatchObject({ constraint: { notValid: true }, validate })
    expect(object.notValidVariant).toBeUndefined()
  })

  test('one that is not enforced is never validated', async () => {
    const object = await only('FK CONSTRAINT', `${add} NOT ENFORCED`)
    expect(object.constraint).toMatchObject({ type: 'foreign key', notValid: false })
    expect(object).not.toHaveProperty('validate')
    expect(object).not.toHaveProperty('notValidVariant')
  })

  test('not on a partitioned table, where servers before 18 refuse it', async () => {
    const { objects } = await script(
      entry('t', 'TABLE', 'CREATE TABLE public.t (\n    a integer\n)\nPARTITION BY RANGE (a)'),
      entry('t c', 'FK CONSTRAINT', add.replace('ONLY ', '')),
    )
    expect(objects[1]?.constraint?.type).toBe('foreign key')
    expect(objects[1]).not.toHaveProperty('notValidVariant')
  })

  test('those of a domain', async () => {
    expect(
      await only('CHECK CONSTRAINT', 'ALTER DOMAIN public.d\n    ADD CONSTRAINT c CHECK ((VALUE > 0)) NOT VALID'),
    ).toMatchObject({
      key: 'constraint public.d.c',
      about: 'domain public.d',
      constraint: { type: 'check', notValid: true },
      validate: 'ALTER DOMAIN public.d VALIDATE CONSTRAINT c',
    })
  })
})
