import { describe, expect, test } from 'vitest'
import type { Subscription } from '../../../src/catalog/replication.js'
import { Secret } from '../../../src/core/secret.js'
import { parseLog } from '../../../src/inspect/streams/parse-log.js'
import { workerFailures } from '../../../src/inspect/streams/worker-failures.js'
import { SecretRegistry } from '../../../src/postgres/redact.js'
import { subscription } from '../planner/support/catalog.js'

const NATIVE: Subscription = { ...subscription('belt_sub'), origin: 'pg_16577' }

/** As servers of 15 wrote them, shortened. */
const STDERR = `ut off in the middle of a line
2026-11-23 00:38:56.626 UTC [30108]  LOG:  background worker "logical replication worker" (PID 470) exited with exit code 1
2026-11-23 00:39:01.651 UTC [635]  LOG:  logical replication apply worker for subscription "belt_sub" has started
2026-11-23 00:39:01.652 UTC [9] x@y ERROR:  duplicate key value violates unique constraint "of somebody else"
2026-11-23 00:39:01.666 UTC [635]  ERROR:  duplicate key value violates unique constraint "b_pkey"
2026-11-23 00:39:01.667 UTC [9] x@y DETAIL:  Key (id)=(8) already exists.
2026-11-23 00:39:01.666 UTC [635]  DETAIL:  Key (id)=(7) already exists.
2026-11-23 00:39:01.666 UTC [635]  CONTEXT:  processing remote data for replication origin "pg_16577" during message type "INSERT" for replication target relation "public.b" in transaction 492, finished at 0/169B338
2026-11-23 00:39:01.700 UTC [700] p LOG:  starting apply for subscription belt_pgl
2026-11-23 00:39:01.712 UTC [700] p ERROR:  new row for relation "orders" violates check constraint "orders_chk_check"
2026-11-23 00:39:01.712 UTC [700] p DETAIL:  Failing row contains (10, x, -5).
2026-11-23 00:39:01.712 UTC [700] p CONTEXT:  apply INSERT from remote relation public.orders in commit before 0/169B3F0, xid 493 committed
2026-11-23 00:39:02.000 UTC [701] p LOG:  starting apply for subscription belt_pgl
2026-11-23 00:39:02.012 UTC [701] p FATAL:  could not connect to the postgresql server: password authentication failed
\twith pass word
2026-11-23 00:39:02.012 UTC [701] p DETAIL:  dsn was: host=x password=hunter22 user=r
2026-11-23 00:39:02.013 UTC [701] p FATAL:  terminating connection due to administrator command
`

function failuresIn(
  text: string,
  format: 'csvlog' | 'jsonlog' | 'stderr',
  of: Subscription,
  ago = 3,
): readonly unknown[] {
  const entries = parseLog(text, format)
  return workerFailures(of, { state: 'read', entries, secondsSince: () => ago }, new SecretRegistry())
}

describe('a log of lines', () => {
  test('tells of a native worker what it failed at, and nothing of others', () => {
    expect(failuresIn(STDERR, 'stderr', NATIVE)).toEqual([
      {
        secondsAgo: 3,
        sqlState: undefined,
        message: 'duplicate key value violates unique constraint "b_pkey"',
        table: { schema: 'public', name: 'b' },
        key: 'Key (id)=(7)',
      },
    ])
  })

  test('tells what refused the copy of pglogical, which its worker does not say, while one is open', () => {
    const log = `2026-12-01 00:58:33.060 UTC [65] p LOG:  starting apply for subscription belt_pgl
2026-12-01 00:58:33.339 UTC [69] p ERROR:  duplicate key value violates unique constraint "orders_pkey"
2026-12-01 00:58:33.339 UTC [69] p DETAIL:  Key (id)=(7) already exists.
2026-12-01 00:58:33.339 UTC [69] p CONTEXT:  COPY orders, line 7
2026-12-01 00:58:33.340 UTC [70] p ERROR:  invalid input syntax for type integer: "a value"
2026-12-01 00:58:33.340 UTC [70] p CONTEXT:  COPY theirs, line 9, column id: "a value"
2026-12-01 00:58:33.350 UTC [65] p ERROR:  table copy failed
`
    const of: Subscription = { ...subscription('belt_pgl'), of: 'pglogical' }
    expect(failuresIn(log, 'stderr', of)).toMatchObject([{ message: 'table copy failed' }])
    expect(failuresIn(log, 'stderr', { ...of, copyBegun: true })).toMatchObject([
      { message: 'table copy failed' },
      { message: 'duplicate key value violates unique constraint "orders_pkey"', key: 'Key (id)=(7)' },
    ])
  })

  test('tells of a worker of pglogical, newest first, without rows, connection strings and orders', () => {
    const found = failuresIn(STDERR, 'stderr', { ...subscription('belt_pgl'), of: 'pglogical' })
    expect(found).toMatchObject([
      { message: 'could not connect to the postgresql server: password authentication failed', table: undefined },
      {
        message: expect.stringContaining('violates check constraint') as string,
        table: { schema: 'public', name: 'orders' },
      },
    ])
    expect(JSON.stringify(found)).not.toMatch(/hunter22|Failing row/)
  })

  test('of long ago tells nothing', () => {
    expect(failuresIn(STDERR, 'stderr', NATIVE, 3600)).toEqual([])
  })

  test('a known password is taken out of a message', () => {
    const secrets = new SecretRegistry()
    secrets.add(new Secret('hunter22'))
    const text = STDERR.replace('unique constraint "b_pkey"', 'hunter22')
    const log = { state: 'read', entries: parseLog(text, 'stderr'), secondsSince: () => 1 } as const
    expect(JSON.stringify(workerFailures(NATIVE, log, secrets))).not.toContain('hunter22')
  })
})

const CSV = `x,"cut, off""
2026-11-23 00:39:01.651 UTC,,,635,,6923,1,,2026-11-23 00:39:01 UTC,3/2,0,LOG,00000,"logical replication apply worker for subscription ""belt_sub"" has started",,,,,,,,,"","logical replication worker",,0
2026-11-23 00:39:01.666 UTC,,,635,,6923,2,,2026-11-23 00:39:01 UTC,3/2,0,ERROR,23505,"duplicate key value violates unique constraint ""Odd, ""name""""","Key (id)=(7) already exists.",,,,"processing remote data for replication target relation ""public.Odd name""
and more",,,,"","logical replication worker",,0
`

const JSON_LOG = `{"cut
{"timestamp":"2026-11-23 00:39:01.666 UTC","pid":635,"error_severity":"ERROR","state_code":"42P01","message":"logical replication target relation \\"public.b\\" does not exist","context":"processing remote data for replication origin \\"pg_16577\\""}
`

test('a csvlog and a jsonlog tell the same with the SQLSTATE', () => {
  expect(failuresIn(CSV, 'csvlog', NATIVE)).toMatchObject([
    { sqlState: '23505', table: { schema: 'public', name: 'Odd name' }, key: 'Key (id)=(7)' },
  ])
  expect(failuresIn(JSON_LOG, 'jsonlog', NATIVE)).toMatchObject([
    { sqlState: '42P01', table: { schema: 'public', name: 'b' }, key: undefined },
  ])
})
