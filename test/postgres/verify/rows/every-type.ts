/** One column of the table `every`: how it is declared, what both sides hold, and what is planted instead on the target. */
export interface TypeCase {
  readonly type: string
  /** SQL expressions. */
  readonly value: string
  readonly planted: string
  /** Major from which on the type or value is there. */
  readonly since?: number
}

export const TYPES: readonly TypeCase[] = [
  { type: 'boolean', value: 'true', planted: 'null' },
  { type: 'smallint', value: '1', planted: '-1' },
  { type: 'integer', value: '0', planted: 'null' },
  { type: 'bigint', value: '1', planted: '4294967296' },
  { type: 'numeric', value: '1.0', planted: '1.00' },
  { type: 'numeric', value: `'NaN'`, planted: '0' },
  { type: 'numeric', value: `'Infinity'`, planted: `'-Infinity'`, since: 14 },
  { type: 'real', value: '0.1', planted: '0.100000009' },
  { type: 'real', value: `'0'`, planted: `'-0'` },
  { type: 'double precision', value: `'0'`, planted: `'-0'` },
  { type: 'double precision', value: '0.1', planted: '0.30000000000000004 - 0.2' },
  { type: 'double precision', value: `'NaN'`, planted: `'Infinity'` },
  { type: 'money', value: '1.5', planted: '1.51' },
  { type: 'text', value: `''`, planted: 'null' },
  { type: 'text', value: `'é'`, planted: `U&'e\\0301'` },
  { type: 'text', value: `repeat('long ', 100000)`, planted: `repeat('long ', 99999) || 'Long '` },
  { type: 'varchar(20)', value: `'a'`, planted: `'a '` },
  { type: 'char(5)', value: `'a'`, planted: `'b'` },
  { type: 'bpchar', value: `'a'`, planted: `'a '` },
  { type: '"char"', value: `'a'`, planted: `''` },
  { type: 'name', value: `'a'`, planted: `'A'` },
  { type: 'bytea', value: `'\\x00ff'`, planted: `'\\x00fe'` },
  { type: 'bytea', value: `''`, planted: `'\\x00'` },
  { type: 'date', value: `'infinity'`, planted: `'2000-01-01'` },
  { type: 'date', value: `'0044-03-15 BC'`, planted: `'0044-03-15'` },
  { type: 'time', value: `'24:00:00'`, planted: `'00:00:00'` },
  { type: 'timetz', value: `'12:00+01'`, planted: `'11:00+00'` },
  { type: 'timestamp', value: `'infinity'`, planted: `'-infinity'` },
  { type: 'timestamptz', value: `'2024-01-01 00:00:00.000001Z'`, planted: `'2024-01-01 00:00:00Z'` },
  { type: 'interval', value: `'1 day'`, planted: `'24 hours'` },
  { type: 'interval', value: `'1 mon'`, planted: `'30 days'` },
  { type: 'interval', value: `'-1 day +01:00:00'`, planted: `'-23:00:00'` },
  { type: 'uuid', value: `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`, planted: `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'` },
  { type: 'json', value: `'{"a":1,"a":2}'`, planted: `'{"a":2}'` },
  { type: 'json', value: `'{"a": 1}'`, planted: `'{"a":1}'` },
  { type: 'jsonb', value: `'{"b":1,"a":[1.0]}'`, planted: `'{"b":1,"a":[1.00]}'` },
  { type: 'jsonb', value: `'null'`, planted: 'null' },
  { type: 'xml', value: `'<a/>'`, planted: `'<a></a>'` },
  { type: 'integer[]', value: `'{1,2}'`, planted: `'[0:1]={1,2}'` },
  { type: 'integer[]', value: `'{}'`, planted: 'null' },
  { type: 'text[]', value: `'{NULL}'`, planted: `'{"NULL"}'` },
  { type: 'text[]', value: `'{a,b}'`, planted: `'{{a,b}}'` },
  { type: 'float8[]', value: `'{NaN,0}'`, planted: `'{NaN,-0}'` },
  { type: 'int4range', value: `'empty'`, planted: `'[1,2)'` },
  { type: 'numrange', value: `'[1.0,2)'`, planted: `'[1.00,2)'` },
  { type: 'tstzrange', value: `'[2024-01-01,)'`, planted: `'[2024-01-01,infinity)'` },
  { type: 'int4multirange', value: `'{[1,2),[4,5)}'`, planted: `'{[1,5)}'`, since: 14 },
  { type: 'bit(3)', value: `B'101'`, planted: `B'100'` },
  { type: 'bit varying', value: `B'1'`, planted: `B'10'` },
  { type: 'inet', value: `'10.0.0.1'`, planted: `'10.0.0.1/24'` },
  { type: 'cidr', value: `'10.0.0.0/8'`, planted: `'10.0.0.0/9'` },
  { type: 'macaddr', value: `'08:00:2b:01:02:03'`, planted: `'08:00:2b:01:02:04'` },
  { type: 'macaddr8', value: `'08:00:2b:01:02:03:04:05'`, planted: `'08:00:2b:01:02:03:04:06'` },
  { type: 'point', value: `'(0,1)'`, planted: `'(-0,1)'` },
  { type: 'path', value: `'[(0,0),(1,1)]'`, planted: `'((0,0),(1,1))'` },
  { type: 'polygon', value: `'((0,0),(1,1),(2,0))'`, planted: `'((1,1),(0,0),(2,0))'` },
  { type: 'circle', value: `'<(0,0),1>'`, planted: `'<(0,0),1.0000000000000002>'` },
  { type: 'tsvector', value: `'a:1 b'`, planted: `'a b'` },
  { type: 'tsquery', value: `'a & b'`, planted: `'a | b'` },
  { type: 'jsonpath', value: `'$.a ? (@ > 1)'`, planted: `'$.a ? (@ > 2)'` },
  { type: 'txid_snapshot', value: `'10:20:12'`, planted: `'10:20:13'` },
  { type: 'pg_lsn', value: `'0/1'`, planted: `'0/2'` },
  { type: 'oid', value: '1', planted: '4294967295' },
  { type: 'regclass', value: `'public.pointed_at'`, planted: `'pg_catalog.pg_class'` },
  { type: 'regtype', value: `'public.colour'`, planted: `'integer'` },
  { type: 'public.colour', value: `'red'`, planted: `'dark red'` },
  { type: 'public.colour[]', value: `'{red,"dark red"}'`, planted: `'{"dark red",red}'` },
  { type: 'public.pair', value: `row(null, null)`, planted: 'null' },
  { type: 'public.pair', value: `row('', 1)`, planted: 'row(null, 1)' },
  { type: 'public.pair[]', value: `array[row('a', 1)::public.pair]`, planted: `array[row('a', 2)::public.pair]` },
  { type: 'public.scored', value: `row('NaN', '<a/>')`, planted: `row('NaN', '<b/>')` },
  { type: 'public.positive', value: '1', planted: '2' },
  { type: 'public.short', value: `'a  '`, planted: `'b'` },
  { type: 'public.narrow', value: `'[1.0,2)'`, planted: `'[1.0,2.0)'` },
  { type: 'public.citext', value: `'a'`, planted: `'A'` },
  { type: 'public.hstore', value: `'b=>1, a=>NULL'`, planted: `'b=>1, a=>"NULL"'` },
]

/** What the types stand on. The target has things in another order, so that OIDs and enum sort order differ. */
export const PRELUDE = (order: 'as is' | 'moved'): string => `
  ${order === 'moved' ? "create table filler (a int); create type filler_type as enum ('x');" : ''}
  create extension citext schema public;
  create extension hstore schema public;
  create table pointed_at (a int);
  create type colour as enum ('red', 'dark red');
  create type pair as (word text, number int);
  create type scored as (score float8, document xml);
  create domain positive as int check (value > 0);
  create domain short as char(5);
  create type narrow as range (subtype = numeric);`

export function columnsFor(major: number): readonly (TypeCase & { readonly name: string })[] {
  return TYPES.flatMap((type, nth) => ((type.since ?? 0) > major ? [] : [{ ...type, name: `c${String(nth)}` }]))
}
