import type { Side } from '../../core/side.js'
import { UsageError } from '../../core/error.js'
import type { TlsMode } from '../../spec/spec.js'
import type { CliContext } from '../context.js'

/** What a first spec needs to know of one side. */
export interface EndpointAnswers {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly tls: TlsMode
}

export interface Answers {
  readonly name: string
  readonly source: EndpointAnswers
  readonly target: EndpointAnswers
}

/** As commander gives the options of `belt init`. */
export interface InitFlags {
  readonly name?: string
  readonly sourceHost?: string
  readonly sourcePort?: string
  readonly sourceDatabase?: string
  readonly sourceUser?: string
  readonly sourceTls?: TlsMode
  readonly targetHost?: string
  readonly targetPort?: string
  readonly targetDatabase?: string
  readonly targetUser?: string
  readonly targetTls?: TlsMode
}

/** Takes what the flags say and asks for the rest; without anybody to ask, what is missing is one usage error. */
export async function collectAnswers(flags: InitFlags, context: CliContext): Promise<Answers> {
  const { ask } = context
  const missing: string[] = []
  const value = async (
    flag: string,
    given: string | undefined,
    question: string,
    suggestion?: string,
  ): Promise<string> => {
    if (given !== undefined && given !== '') return given
    if (ask === undefined) {
      if (suggestion === undefined) missing.push(flag)
      return suggestion ?? ''
    }
    const answer = await ask(question, suggestion === undefined ? {} : { suggestion })
    if (answer === undefined)
      throw new UsageError('init-unanswered', 'no answer: nothing was written', {
        hint: 'run belt init again.',
      })
    return answer === '' ? value(flag, undefined, question, suggestion) : answer
  }
  const endpoint = async (side: Side, like?: EndpointAnswers): Promise<EndpointAnswers> => {
    const host = await value(`--${side}-host`, flags[`${side}Host`], `Host of the ${side}:`)
    const port = portOf(await value(`--${side}-port`, flags[`${side}Port`], `Port of the ${side}:`, '5432'), side)
    const database = await value(
      `--${side}-database`,
      flags[`${side}Database`],
      `Database on the ${side}:`,
      like?.database,
    )
    const user = await value(
      `--${side}-user`,
      flags[`${side}User`],
      `Administrator on the ${side}:`,
      like?.user ?? 'postgres',
    )
    const tls = flags[`${side}Tls`] ?? (isLocal(host) ? 'disable' : 'verify-full')
    return { host, port, database, user, tls }
  }
  const source = await endpoint('source')
  const target = await endpoint('target', source.database === '' ? undefined : source)
  const name = await value('--name', flags.name, 'Name of the migration:', nameFrom(source.database))
  if (missing.length > 0) {
    throw new UsageError('init-incomplete', `nobody is there to ask, so say ${missing.join(', ')}`, {
      hint: 'run belt init with them, or on a terminal. belt init --help lists every flag.',
    })
  }
  return { name, source, target }
}

function portOf(text: string, side: Side): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    throw new UsageError('init-port', `the port of the ${side} is a number from 1 to 65535`)
  }
  return port
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('/')
}

/** A migration's name from the database's; the spec says which characters it may have. */
function nameFrom(database: string): string {
  const name = database
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
  return name === '' ? 'migration' : name.slice(0, 63)
}
