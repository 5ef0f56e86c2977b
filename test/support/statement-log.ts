import { readFile, stat } from 'node:fs/promises'
import { quoteIdent } from '../../src/core/quote.js'
import { databaseOf, sql, type TestDatabase } from './databases.js'

/** One statement as the server logged it. */
export interface LoggedStatement {
  readonly user: string
  readonly applicationName: string
  readonly statement: string
}

/** Reads what has been logged since the log was turned on. */
export type StatementLog = () => Promise<readonly LoggedStatement[]>

/**
 * From now on new sessions of the database log every statement. Replication commands stand in it too; what a function
 * runs inside does not.
 */
export async function logStatements(database: TestDatabase): Promise<StatementLog> {
  const { server } = database
  // From another database: the log shall not begin with this.
  await sql(
    databaseOf(server, 'postgres'),
    `alter database ${quoteIdent(database.database)} set log_statement = 'all';
     alter database ${quoteIdent(database.database)} set log_min_duration_statement = -1;
     alter database ${quoteIdent(database.database)} set log_replication_commands = on`,
  )
  const { size } = await stat(server.logFile)
  return async () => {
    const log = (await readFile(server.logFile)).subarray(size).toString('utf8')
    return parseStatements(log, database.database)
  }
}

/** Lines as `%m [%p] %q%u@%d %a ` and `log_statement` make them; a statement's further lines begin with a tab. */
export function parseStatements(log: string, database: string): readonly LoggedStatement[] {
  const found: LoggedStatement[] = []
  for (const entry of log.split(/\n(?!\t)/)) {
    const head = /^\S+ \S+ \S+ \[\d+\] /.exec(entry)
    const message = /LOG: {2}(?:statement|execute [^:]+|received replication command): /.exec(entry)
    if (head === null || message === null) continue
    const session = entry.slice(head[0].length, message.index)
    const at = session.indexOf(`@${database} `)
    if (at < 0) continue
    found.push({
      user: session.slice(0, at),
      applicationName: session.slice(at + database.length + 2).trim(),
      statement: entry.slice(message.index + message[0].length).replaceAll('\n\t', '\n'),
    })
  }
  return found
}
