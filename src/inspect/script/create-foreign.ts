import type { CreateForeignServerStmt, CreateUserMappingStmt, Node } from 'libpg-query'
import { objectKey, textKey } from '../../catalog/object-key.js'
import type { RedactedOption } from '../../catalog/schema-script.js'
import { quoteIdent } from '../../core/quote.js'
import { required } from './names.js'
import type { Part } from './part.js'
import { edited, tokensOf } from './statement.js'
import type { Edit, Statement } from './statement.js'

/** Options of a server that say where and how, not who: shown unless the value itself looks like a connection string. */
const OPEN: ReadonlySet<string> = new Set(
  `analyze_sampling application_name async_capable batch_size client_encoding connect_timeout dbname extensions
  fdw_startup_cost fdw_tuple_cost fetch_size host hostaddr keep_connections keepalives keepalives_count keepalives_idle
  keepalives_interval load_balance_hosts parallel_abort parallel_commit port sslmode target_session_attrs
  tcp_user_timeout truncatable updatable use_remote_estimate`.split(/\s+/),
)

export function createServer(create: CreateForeignServerStmt, statement: Statement): Part {
  const server = required(create.servername, 'the name of the server')
  const isOpen = (option: string, value: string): boolean => OPEN.has(option) && !/[=@\s]|:\/\//.test(value)
  return {
    role: 'creates',
    object: { key: objectKey('server', server), kind: 'server', name: server },
    ...redacted(statement, create.options ?? [], isOpen, { server }),
  }
}

export function createUserMapping(create: CreateUserMappingStmt, statement: Statement): Part {
  const server = required(create.servername, 'the name of the server')
  const user = create.user?.roletype === 'ROLESPEC_PUBLIC' ? 'public' : required(create.user?.rolename, 'the role')
  const identity = `${user === 'public' ? user : quoteIdent(user)}@${quoteIdent(server)}`
  return {
    role: 'creates',
    object: { key: textKey('user mapping', identity), kind: 'user mapping', name: `${user}@${server}` },
    ...redacted(statement, create.options ?? [], (option) => option === 'user', { server, user }),
  }
}

/** Puts a placeholder where the constant of each option stands that may be a secret. */
function redacted(
  statement: Statement,
  options: readonly Node[],
  isOpen: (option: string, value: string) => boolean,
  of: { readonly server: string; readonly user?: string },
): Pick<Part, 'text' | 'redacted'> {
  const tokens = tokensOf(statement.text)
  const edits: Edit[] = []
  const hidden: RedactedOption[] = []
  for (const node of options) {
    if (!('DefElem' in node)) continue
    const { defname: option = '', arg, location = 0 } = node.DefElem
    if (arg !== undefined && 'String' in arg && isOpen(option, arg.String.sval ?? '')) continue
    const label = tokens.findIndex((token) => token.start === location - statement.offset)
    const value = required(tokens[label + 1], `the value of the option ${option}`)
    const placeholder = placeholderOf(of.server, of.user, option)
    edits.push({ start: value.start, end: value.end, text: placeholder })
    hidden.push({ placeholder, option, ...of })
  }
  return hidden.length === 0 ? {} : { text: edited(statement.text, edits), redacted: hidden }
}

function placeholderOf(server: string, user: string | undefined, option: string): string {
  const [s, u, o] = [server, user ?? '', option].map(encodeURIComponent)
  return user === undefined ? `\${secret:server/${s}/${o}}` : `\${secret:user-mapping/${u}@${s}/${o}}`
}
