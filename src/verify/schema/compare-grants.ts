import type { SchemaObject } from '../../catalog/schema-script.js'
import { quoteIdent } from '../../core/quote.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

/** Grants and default privileges that are not the same on both sides, those of roles out of scope left out. */
export function compareGrants({ source, target, includesObject, roles }: SchemaInput): readonly SchemaFinding[] {
  const objects = [...source.script.objects, ...target.script.objects]
  const keys = new Set(objects.filter((o) => o.kind === 'grant' && includesObject(o)).map((o) => o.key))
  return [...keys].flatMap((key): readonly SchemaFinding[] => {
    const ours = statements(source.objectByKey.get(key), roles)
    const theirs = statements(target.objectByKey.get(key), roles)
    const missing = [...ours].filter((s) => !theirs.has(s))
    const extra = [...theirs].filter((s) => !ours.has(s))
    return [
      ...missing.map((s): SchemaFinding => ({ area: 'grant', what: key, problem: `is not on the target: ${s}` })),
      ...extra.map((s): SchemaFinding => ({ area: 'grant', what: key, problem: `is only on the target: ${s}` })),
    ]
  })
}

/** pg_dump writes one grantee to a statement: `GRANT … TO role`, `REVOKE … FROM role`. */
function statements(object: SchemaObject | undefined, roles: readonly string[]): ReadonlySet<string> {
  const others = (object?.roles ?? []).filter((role) => !roles.includes(role)).map(quoteIdent)
  const ofOthers = (statement: string): boolean =>
    others.some((role) => [' TO ', ' FROM '].some((word) => `${statement} `.includes(`${word}${role} `)))
  return new Set((object?.statements ?? []).filter((s) => !ofOthers(s)))
}
