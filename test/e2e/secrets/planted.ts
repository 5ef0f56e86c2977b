import { quoteLiteral } from '../../../src/core/quote.js'
import { withClient, type Login } from '../../support/databases.js'

/** One planted secret; `value` has characters that every way of quoting treats differently. */
export interface Planted {
  readonly where: string
  readonly value: string
}

let planted = 0

export function plant(where: string): Planted {
  planted += 1
  return { where, value: `${where.replaceAll(' ', '-')}-${String(planted)}x7Qz'"\\ %@$:/?#&` }
}

/** Runs statements that hold secrets without leaving them in the log or in pg_stat_statements. */
export async function quietly(login: Login, statements: readonly string[]): Promise<void> {
  await withClient(login, async (client) => {
    await client.query(
      `set log_statement = 'none'; set log_min_error_statement = 'panic'; set log_min_duration_statement = -1; set pg_stat_statements.track_utility = off`,
    )
    for (const statement of statements) await client.query(statement)
  })
}

/** A role with a password that the server's log has never seen. */
export function createRole(name: string, attributes: string, { value }: Planted): string {
  return `create role "${name}" ${attributes} password ${quoteLiteral(value)}`
}

/**
 * Where a text shows one of the secrets, in any form they may be written in. The middle of each is free of special
 * characters, so a half quoted or cut secret is found too.
 */
export function leaks(name: string, text: string, secrets: readonly Planted[]): readonly string[] {
  return secrets.flatMap(({ where, value }) => {
    const at = text.indexOf(core(value))
    return at < 0 ? [] : [`${name}: ${where} in …${text.slice(Math.max(0, at - 80), at + 60)}…`]
  })
}

/** Longest run of letters, digits, `-`, `/`, `+` and `=`: for a planted value its name, for a verifier its stored key. */
function core(value: string): string {
  const runs = value.split(/[^\w/+=-]+/).sort((a, b) => b.length - a.length)
  return runs[0] ?? value
}
