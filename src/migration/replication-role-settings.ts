/**
 * Settings without which a time-out set for the database or the cluster would end the copy (rule 2), and the major that
 * knows them. Row security off makes a filtered read an error (rule 1); the connection asks for it too, but subscribers
 * of early minors of 15 to 17 replace the options of their connection.
 */
export const SETTINGS_OF_REPLICATION_ROLE: readonly {
  readonly name: string
  readonly value: string
  readonly since: number
}[] = [
  { name: 'statement_timeout', value: '0', since: 12 },
  { name: 'lock_timeout', value: '0', since: 12 },
  { name: 'idle_in_transaction_session_timeout', value: '0', since: 12 },
  { name: 'transaction_timeout', value: '0', since: 17 },
  { name: 'row_security', value: 'off', since: 12 },
]
