/** Verifies everything once and prints what it took; started by bench.ts. */
import { text } from 'node:stream/consumers'
import { Secret } from '../../src/core/secret.js'
import type { ConnectionSettings } from '../../src/postgres/connection-settings.js'
import { verifyTables } from '../../src/verify/rows/verify-tables.js'
import { TABLES } from './tables.js'

interface Order {
  readonly logins: readonly {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
  }[]
  readonly jobs: number
}

const { logins, jobs } = JSON.parse(await text(process.stdin)) as Order
const [source, target] = logins.map(({ password, ...login }): ConnectionSettings => ({
  ...{ ...login, database: 'postgres', tls: { mode: 'disable' }, applicationName: 'belt/bench' },
  password: () => Promise.resolve(new Secret(password)),
}))
if (source === undefined || target === undefined) throw new RangeError('two logins')
const result = await verifyTables(
  {
    connections: { source, target },
    tables: TABLES.map((name) => ({ schema: 'public', name, mode: 'at-rest' })),
    jobs,
  },
  new AbortController().signal,
)
if (result.verdict !== 'equal') throw new Error(JSON.stringify(result.tables))
const rows = result.tables.reduce((sum, t) => sum + t.rows.source, 0)
const perSecond = Math.round(rows / (result.durationMs / 1000))
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${String(rows)} rows, ${String(perSecond)} rows/s, peak memory ${String(megabytes)} MB\n`)
