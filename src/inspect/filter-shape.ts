import { loadModule, parseSync } from 'libpg-query'

/** What a row filter is made of, as far as its text tells. */
export interface FilterShape {
  /** Why it can be no row filter, whatever the table. */
  readonly problem?: string
  /** Last parts of the names of functions that it calls, as written. */
  readonly functions: readonly string[]
}

/** Kinds of node that no server takes in a row filter, or that mean something else each time they are asked. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  SubLink: 'it holds a subquery',
  ParamRef: 'it holds a parameter ($1)',
  SQLValueFunction: 'it asks for the time or the user',
  WindowFunc: 'it holds a window function',
  GroupingFunc: 'it holds GROUPING',
}

/**
 * Reads a filter by itself, where parentheses that are put around it could hide what is unbalanced in it. What its types and
 * operators come to only a server can tell.
 */
export async function readFilterShape(filter: string): Promise<FilterShape> {
  await loadModule()
  const alone = parsed(`select from t where ${filter}\n`)
  if (typeof alone === 'string') return { problem: alone, functions: [] }
  const [statement, ...more] = alone.stmts ?? []
  const select = (statement as { stmt?: { SelectStmt?: Record<string, unknown> } } | undefined)?.stmt?.SelectStmt
  const extra = Object.keys(select ?? {}).filter((key) => !PLAIN.has(key))
  if (more.length > 0 || select?.['whereClause'] === undefined || extra.length > 0) {
    return { problem: 'it is more than one condition', functions: [] }
  }
  const functions: string[] = []
  const problem = look(select['whereClause'], functions)
  return { ...(problem === undefined ? {} : { problem }), functions }
}

/** What `select from t where …` has, and nothing else may be in it. */
const PLAIN = new Set(['fromClause', 'whereClause', 'limitOption', 'op', 'targetList'])

function parsed(text: string): { readonly stmts?: readonly unknown[] } | string {
  try {
    return parseSync(text)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The first thing in the tree that is forbidden; notes functions on the way. */
function look(node: unknown, functions: string[]): string | undefined {
  if (Array.isArray(node)) return first(node, functions)
  if (typeof node !== 'object' || node === null) return undefined
  for (const [key, value] of Object.entries(node)) {
    const problem = FORBIDDEN[key]
    if (problem !== undefined) return problem
    if (key === 'FuncCall') functions.push(lastName(value))
    const below = look(value, functions)
    if (below !== undefined) return below
  }
  return undefined
}

function first(nodes: readonly unknown[], functions: string[]): string | undefined {
  for (const node of nodes) {
    const problem = look(node, functions)
    if (problem !== undefined) return problem
  }
  return undefined
}

function lastName(call: unknown): string {
  const names = (call as { funcname?: readonly { String?: { sval?: string } }[] }).funcname ?? []
  return names.at(-1)?.String?.sval ?? ''
}
