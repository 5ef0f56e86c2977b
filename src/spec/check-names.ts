import type { Diagnostic } from '../core/diagnostic.js'
import { settingName, writtenValue } from './describe-place.js'
import { specError } from './report.js'
import { placeOf, type SpecTree, stringAt, stringsAt } from './spec-tree.js'

/** Postgres cuts longer identifiers silently (NAMEDATALEN 64). */
const MAX_NAME_BYTES = 63

const SINGLE = [
  '/source/database',
  '/source/admin/user',
  '/target/database',
  '/target/admin/user',
  '/roles/replication/name',
] as const
const LISTS = ['/scope/schemas', '/roles/copy', '/cutover/except_roles', '/target/preview_roles'] as const

/** Names of databases, schemas and roles that Postgres would refuse or cut. */
export function checkNames(tree: SpecTree): readonly Diagnostic[] {
  const single = SINGLE.flatMap((at) => {
    const text = stringAt(tree, at)
    return text === undefined ? [] : [{ text, at }]
  })
  const listed = LISTS.flatMap((list) => stringsAt(tree, list))
  return [...single, ...listed].flatMap(({ text, at }) => {
    const problem = lengthProblem(text) ?? reservedProblem(text, at)
    if (problem === undefined) return []
    const name = writtenValue(tree, at)
    return [specError(problem.code, placeOf(tree, at)?.value, `${settingName(at)}: ${name} ${problem.message}`)]
  })
}

interface Problem {
  readonly code: string
  readonly message: string
}

function lengthProblem(text: string): Problem | undefined {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > MAX_NAME_BYTES) {
    return { code: 'name-too-long', message: `has ${bytes} bytes; Postgres cuts names after ${MAX_NAME_BYTES}` }
  }
  return text.includes('\u0000') ? { code: 'spec-value', message: 'holds a NUL byte' } : undefined
}

function reservedProblem(text: string, at: string): Problem | undefined {
  if (at.startsWith('/scope/schemas')) {
    if (text === 'belt') return { code: 'spec-value', message: "is belt's own schema and never moves" }
    const own = text === 'information_schema' || text.startsWith('pg_')
    return own ? { code: 'spec-value', message: "is Postgres' own schema and never moves" } : undefined
  }
  if (!at.startsWith('/roles/')) return undefined
  const reserved = text === 'public' || text === 'none' || text.startsWith('pg_')
  return reserved ? { code: 'spec-value', message: 'is a role name that Postgres reserves' } : undefined
}
