import pg from 'pg'

/**
 * Built-in types whose text becomes something else than text. Left out on purpose: int8 and numeric (a JavaScript
 * number would lose digits), dates and times (a Date would lose microseconds, infinity and BC).
 */
const PARSED: ReadonlyMap<number, number> = new Map(
  [
    [16, 16], // bool
    [17, 17], // bytea, as a Buffer
    [21, 21], // int2
    [23, 23], // int4
    [26, 26], // oid
    [700, 700], // float4
    [701, 701], // float8
    [114, 114], // json
    [3802, 3802], // jsonb
    [1000, 1000], // bool[]
    [1005, 1005], // int2[]
    [1007, 1007], // int4[]
    [1016, 1016], // int8[], as texts
    [1028, 1007], // oid[]
    [1009, 1009], // text[]
    [1015, 1009], // varchar[]
    [1003, 1009], // name[], which the driver by itself leaves as '{a,b}'
    [1002, 1009], // "char"[]
    [2951, 1009], // uuid[]
    [3221, 1009], // pg_lsn[]
    [1231, 1009], // numeric[], as texts
    [199, 199], // json[]
    [3807, 3807], // jsonb[]
  ].map(([oid = 0, as = 0]) => [oid, as] as const),
)

function asText(value: string | Buffer): string {
  return value.toString()
}

const builtIn: (oid: number, format: 'text') => unknown = pg.types.getTypeParser

/** The driver's `types` option: a session parses what is listed here and passes everything else on as text. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    const as = format === 'binary' ? undefined : PARSED.get(oid)
    return as === undefined ? asText : builtIn(as, 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}
