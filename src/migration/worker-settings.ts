/**
 * What the workers of a subscription need and no client can give them: they are no client, so they run under what their
 * owner gets in their database. A time-out ends them for ever (seen on 17: transaction_timeout). array_nulls = off turns
 * a null in an array into the text NULL, xmloption = document refuses values of the other kind, and under a
 * client_encoding that is not the database's own the copy converts text that needs no converting (seen on 17: ü became
 * Ã¼, without an error).
 */
export function settingsOfWorkers(encoding: string): readonly {
  readonly name: string
  readonly value: string
  readonly since: number
}[] {
  return [
    { name: 'lock_timeout', value: '0', since: 12 },
    { name: 'transaction_timeout', value: '0', since: 17 },
    { name: 'array_nulls', value: 'on', since: 12 },
    { name: 'xmloption', value: 'content', since: 12 },
    { name: 'client_encoding', value: encoding, since: 12 },
  ]
}
