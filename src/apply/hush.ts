import type { Session } from '../postgres/session.js'

/** What keeps a statement with a secret out of the server's log and statistics. Most need a superuser. */
const QUIET: readonly (readonly [name: string, value: string])[] = [
  ['log_statement', 'none'],
  ['log_min_error_statement', 'panic'],
  ['log_min_messages', 'panic'], // an error may quote the statement; belt reports it, with the secret taken out
  ['log_min_duration_statement', '-1'],
  ['log_min_duration_sample', '-1'], // from 13
  ['log_transaction_sample_rate', '0'],
  ['log_duration', 'off'],
  ['track_activities', 'off'], // else pg_stat_activity shows the statement
  ['pg_stat_statements.track_utility', 'off'],
  ['pgaudit.log', 'none'],
  ['auto_explain.log_min_duration', '-1'],
]

/**
 * Silences the log for the rest of the session as far as the session may: settings that this server does not know or
 * that this user may not set are left alone. Gives the names of those that still let a statement into the log.
 */
export async function hush(session: Session, statements: readonly string[]): Promise<readonly string[]> {
  // has_parameter_privilege is from 15 on, where GRANT SET may have been given; before, only superusers may.
  const mayset = session.major >= 15 ? `or pg_catalog.has_parameter_privilege(s.name, 'set')` : ''
  await session.query(
    `select pg_catalog.set_config(s.name, w.value, false)
     from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as w (name, value)
     join pg_catalog.pg_settings as s on s.name = w.name
     where s.context = 'user' or (s.context = 'superuser' and (pg_catalog.current_setting('is_superuser') = 'on' ${mayset}))`,
    [QUIET.map(([name]) => name), QUIET.map(([, value]) => value)],
  )
  const loud = await session.query<{ name: string }>(
    `select s.name
     from pg_catalog.pg_settings as s
     where (s.name = 'auto_explain.log_min_duration' and s.setting <> '-1' and $1::boolean)
       or (s.name = 'log_statement' and s.setting in ('ddl', 'mod', 'all'))
       or (s.name = 'log_min_duration_statement' and s.setting <> '-1')
       or (s.name = 'pg_stat_statements.track_utility' and s.setting = 'on')
     order by s.name`,
    [statements.some(hasPlan)],
  )
  return loud.map((row) => row.name)
}

/** Only what is planned is explained: pglogical is told its secrets in a SELECT, Postgres itself in commands. */
function hasPlan(statement: string): boolean {
  return /^\s*(select|insert|update|delete|merge|with|values)\b/i.test(statement)
}
