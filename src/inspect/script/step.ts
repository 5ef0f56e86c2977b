import { withAccessMethod } from './access-method.js'
import { classify } from './classify.js'
import type { DumpEntry } from './dump-statements.js'
import { NotUnderstood, rolesIn } from './names.js'
import type { Part, PartRole } from './part.js'
import type { Statement } from './statement.js'
import { safely, unknownFacts } from './unknown.js'

/** One statement of an entry, with what it is and the text that is to run. */
export interface Step {
  readonly part: Part & { readonly role: Exclude<PartRole['role'], 'session' | 'access method'> }
  readonly text: string
  readonly roles: readonly string[]
}

export interface StepsOfEntry {
  readonly header: string | undefined
  readonly steps: readonly Step[]
}

/**
 * Reads the entries of a dump one after the other: of each the statements that are part of objects. What the dump says
 * by the settings of its session is taken into their text.
 */
export function stepReader(): (entry: DumpEntry) => StepsOfEntry {
  let accessMethod = 'heap'
  return ({ header, statements }) => ({
    header,
    steps: statements.flatMap((statement): readonly Step[] => {
      const { part, text } = read(statement, header)
      switch (part.role) {
        case 'session':
          return []
        case 'access method':
          accessMethod = part.name
          return []
        default:
          return [{ part, text: placed(part, text, accessMethod), roles: rolesOf(statement, part) }]
      }
    }),
  })
}

function read(statement: Statement, header: string | undefined): { readonly part: Part; readonly text: string } {
  try {
    if (statement.node === undefined) throw new NotUnderstood(statement.problem)
    const part = classify(statement.node, statement)
    return { part, text: part.text ?? statement.text }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    const { text, problem } = safely(statement, error.message)
    return { part: { role: 'creates', object: unknownFacts(header, problem) }, text }
  }
}

/** Parse trees of tables, views and routines name no roles and are the large ones. */
function rolesOf(statement: Statement, part: Part): readonly string[] {
  const node = statement.node
  if (node === undefined || 'ViewStmt' in node || 'CreateFunctionStmt' in node || 'CreateStmt' in node) return []
  if (part.role !== 'before') return rolesIn(node)
  const [value] = 'VariableSetStmt' in node ? (node.VariableSetStmt.args ?? []) : []
  const role = value !== undefined && 'A_Const' in value ? value.A_Const.sval?.sval : undefined
  return role === undefined ? [] : [role]
}

function placed(part: Part, text: string, accessMethod: string): string {
  if (accessMethod === 'heap' || part.role !== 'creates') return text
  const { kind, partitioned } = part.object
  const holdsRows = (kind === 'table' && partitioned !== true) || kind === 'materialized view'
  return holdsRows ? withAccessMethod(text, accessMethod) : text
}
