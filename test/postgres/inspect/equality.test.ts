import { expect, test } from 'vitest'
import { freshDatabase, sql, withClient } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { inspect, named } from './connected.js'

const OWN_TYPES = `
  create extension citext;
  create extension hstore;
  create extension isn;
  create extension cube;
  create extension ltree;
  create domain over_json as json;
  create domain over_domain as over_json;
  create domain over_array as text[];
  create domain over_json_array as json[];
  create domain over_varchar as varchar(7);
  create type mood as enum ('a', 'b');
  create domain over_enum as mood;
  create type flat as (a int4, b text);
  create type pointed as (a int4, b point);
  create type nested as (a flat, b mood[]);
  create type nested_pointed as (a pointed[]);
  create type nothing as ();
  create domain over_composite as flat;
  create domain over_pointed as pointed;
  create type span as range (subtype = text);
  create type bare;
  create function bare_in(cstring) returns bare language internal immutable strict as 'int4in';
  create function bare_out(bare) returns cstring language internal immutable strict as 'int4out';
  create type bare (input = bare_in, output = bare_out, like = int4);
  create type coercible;
  create function coercible_in(cstring) returns coercible language internal immutable strict as 'int4in';
  create function coercible_out(coercible) returns cstring language internal immutable strict as 'int4out';
  create type coercible (input = coercible_in, output = coercible_out, like = int4);
  create cast (coercible as int4) without function as implicit;
  create type halfway;
  create function halfway_in(cstring) returns halfway language internal immutable strict as 'int4in';
  create function halfway_out(halfway) returns cstring language internal immutable strict as 'int4out';
  create type halfway (input = halfway_in, output = halfway_out, like = int4);
  create cast (halfway as int4) without function as assignment;`

/** Every type a column of a table may have, with arrays of them. */
const TYPES = `
  select pg_catalog.format_type(t.oid, null) as type
  from pg_type as t
  where t.typtype <> 'p' and t.typisdefined
    and (t.typrelid = 0 or (select c.relkind from pg_class as c where c.oid = t.typrelid) = 'c')
    and (t.typelem = 0 or t.typlen <> -1
      or not exists (select from pg_type as e join pg_class as c on c.oid = e.typrelid
        where e.oid = t.typelem and c.relkind <> 'c'))
    and t.typnamespace <> 'information_schema'::regnamespace
    and not exists (select from pg_type as e where e.oid = t.typelem and e.typtype = 'p')
    and not exists (select from pg_type as e where e.oid = t.typelem
      and e.typnamespace = 'information_schema'::regnamespace)
  order by t.oid`

/** Equality is what DISTINCT over the very column finds: the same look-up as in applying by REPLICA IDENTITY FULL. */
test.each([12, 13, 14, 15, 16, 17, 18] as const)(
  'equality of every type is what the server finds on %i',
  async (major) => {
    const db = await freshDatabase(await sharedServer(major))
    await sql(db, OWN_TYPES)
    const types = (await sql<{ type: string }>(db, TYPES)).map((row) => row.type)
    await sql(db, types.map((type, i) => `create table t${String(i)} (c ${type})`).join(';\n'))
    const expected: string[] = []
    await withClient(db, async (client) => {
      for (const [i, type] of types.entries()) {
        const answer = await client.query(`select distinct c from t${String(i)}`).catch((error: unknown) => error)
        if (!(answer instanceof Error)) expected.push(type)
        else expect(answer.message).toMatch(/could not identify an equality operator/)
      }
    })
    const seen = await inspect(db)
    const actual = types.filter((_, i) => named(seen.tables, `t${String(i)}`).columns[0]?.equality)
    expect(actual).toEqual(expected)
    expect(actual).toEqual(expect.arrayContaining(['jsonb', 'citext', 'character varying', 'int4range', 'coercible']))
    expect(types.filter((type) => !actual.includes(type))).toEqual(
      expect.arrayContaining(['json', 'xml', 'point', 'over_domain', 'pointed', 'nested_pointed', 'bare', 'halfway']),
    )
  },
)
