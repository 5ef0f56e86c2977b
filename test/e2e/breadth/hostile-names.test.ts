import { expect, test } from 'vitest'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../../src/core/quote.js'
import { freshDatabase, sql, uniqueName } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { schemaOf, toReplay } from './support/dump.js'
import { move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

const NAMES = [
  'select',
  'CamelCase',
  'with space',
  'ünïcödé 🐘',
  'quo"te',
  "apos'trophe",
  '"; drop table x; --',
  'b'.repeat(63),
  'é'.repeat(31),
  '100%s %I',
  'back\\slash',
  '$$dollar$$',
  '$1',
  'new\nline',
  'tab\tulator',
  '${secret:x} ${env:HOME}',
  'a.b',
  '*',
  '-- comment',
  '/* open',
  ' ',
]

test('databases, schemas, tables and all the rest may have any name', async () => {
  const [one, other] = await Promise.all([sharedServer(15), sharedServer(17)])
  const source = await freshDatabase(one, `It's "; drop\\table %s $$ ü\n=x`)
  const target = await freshDatabase(other, `'"\\; host=evil`)
  const owner = uniqueName(`Öwner "; --'\\ %\n`)
  const reader = uniqueName(`"reader" $$ 'x'`)
  await sql(
    source,
    `create role ${quoteIdent(owner)} login password 'x'; create role ${quoteIdent(reader)} in role ${quoteIdent(owner)}`,
  )
  await sql(source, `create table public.x (id integer primary key); insert into public.x values (1)`)
  await sql(source, NAMES.map((name, at) => everythingCalled(name, owner, reader, NAMES[at - 1])).join(';\n'))
  await sql(
    source,
    `
    create table public."left, out"".*" (id int primary key);
    create table public."keyless "" table" ("col ""umn" text);
    insert into public."keyless "" table" values ('a'), ('b');
    create table public."at cut.over" (a json);
    alter database ${quoteIdent(source.database)} set search_path = "quo""te", public;
    comment on database ${quoteIdent(source.database)} is ${quoteLiteral(NAMES.join('; '))}`,
  )
  const replay = await toReplay(source, target)
  const hostile = await move({
    source,
    target,
    name: uniqueName('Hostile-names_1-'),
    replication: { name: uniqueName(`Répl "; --'\\`), password: `${uniqueName('p')} '"\\ %$$ ü=;` },
    spec: {
      scope: { tables: { exclude: ['public."left, out"".*"'] } },
      roles: { copy: [owner, reader] },
      keyless: { tables: { 'public."at cut.over"': 'copy_at_cutover' } },
    },
  })
  await hostile.apply()

  const reference = await replay()
  await sql(reference, `drop table public."left, out"".*"; alter table public."keyless "" table" replica identity full`)
  expect(await schemaOf(target)).toBe(await schemaOf(reference))
  const away = ['public."left, out"".*"']
  await expectSameRows(source, target, away)

  await sql(source, NAMES.map(changesOf).join(';\n'))
  await sql(source, `update public."keyless "" table" set "col ""umn" = 'c' where "col ""umn" = 'a'`)
  await expectSameRows(source, target, [...away, ...NAMES.map((name) => quoteQualified(name, shorter('m', name)))])
  expect(await sql(source, 'select from public.x')).toHaveLength(1)

  expect(await hostile.belt('status')).toMatchObject({ code: 0 })
  expect(await hostile.belt('drift')).toMatchObject({ code: 0 })
  expect(await hostile.belt('show', 'plan.json', '--markdown')).toMatchObject({ code: 0 })
  expect((await hostile.plan()).plan).toMatchObject({ actions: [] })
  expect(await hostile.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
})

/** A name of its own for things that share a namespace with the table, still at most 63 bytes. */
function shorter(prefix: string, name: string): string {
  let kept = name
  while (Buffer.byteLength(prefix + kept) > 63) kept = Array.from(kept).slice(0, -1).join('')
  return prefix + kept
}

/** One of everything, called `name`, in a schema called so. */
function everythingCalled(name: string, owner: string, reader: string, before: string | undefined): string {
  const id = quoteIdent(name)
  const literal = quoteLiteral(name)
  const of = (prefix: string): string => `${id}.${quoteIdent(shorter(prefix, name))}`
  const other = (prefix: string): string => quoteIdent(shorter(prefix, name))
  const table = `${id}.${id}`
  return `
    create schema ${id} authorization ${quoteIdent(owner)};
    create type ${of('e')} as enum (${literal}, 'other');
    create domain ${of('d')} as text constraint ${id} check (value <> ${literal});
    create sequence ${of('s')};
    create table ${table} (
      ${id} bigint generated always as identity,
      ${other('t')} text not null default ${literal},
      ${other('g')} text generated always as (${other('t')} || ${literal}) stored,
      kind ${of('e')} default ${literal},
      number integer default nextval(${quoteLiteral(of('s'))}),
      "before" bigint ${before === undefined ? '' : `constraint ${other('f')} references ${quoteQualified(before, before)} on delete cascade`},
      constraint ${other('p')} primary key (${id}),
      constraint ${other('u')} unique (number),
      constraint ${other('c')} check (${other('t')} <> ''));
    insert into ${table} (${other('t')}, "before") select 'row ' || i, ${before === undefined ? 'null' : 'i'} from generate_series(1, 5) as i;
    create index ${other('i')} on ${table} (${other('t')}) where ${other('t')} <> ${literal};
    create view ${of('v')} as select ${id} as ${id} from ${table};
    create materialized view ${of('m')} as select count(*) as ${id} from ${table};
    create function ${of('f')}() returns trigger language plpgsql as ${quoteLiteral(`begin /* ${name.replaceAll('/*', '')} */ return new; end`)};
    create trigger ${id} before update on ${table} for each row execute function ${of('f')}(${literal});
    alter table ${table} enable row level security;
    create policy ${id} on ${table} to ${quoteIdent(reader)} using (${other('t')} <> ${literal});
    create statistics ${of('x')} on ${id}, number from ${table};
    comment on table ${table} is ${literal};
    comment on column ${table}.${id} is ${literal};
    alter table ${table} owner to ${quoteIdent(owner)};
    grant select (${id}) on ${table} to ${quoteIdent(reader)};
    grant select on ${of('v')} to ${quoteIdent(reader)} with grant option;
    create table ${of('q')} (id integer, ${id} text, primary key (id, ${id})) partition by list (${id});
    create table ${of('r')} partition of ${of('q')} for values in (${literal}, 'other');
    insert into ${of('q')} values (1, ${literal}), (2, 'other')`
}

function changesOf(name: string): string {
  const table = quoteQualified(name, name)
  const text = quoteIdent(shorter('t', name))
  const parent = `${quoteIdent(name)}.${quoteIdent(shorter('q', name))}`
  return `
    insert into ${table} (${text}) values (${quoteLiteral(name)});
    update ${table} set ${text} = ${quoteLiteral(name)} || ' changed' where ${quoteIdent(name)} = 2;
    update ${parent} set id = id + 10;
    delete from ${table} where ${quoteIdent(name)} = 5`
}
