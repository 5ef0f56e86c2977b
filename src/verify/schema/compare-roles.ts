import type { Role } from '../../catalog/roles.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

const ATTRIBUTES = [
  'superuser',
  'inherit',
  'createRole',
  'createDb',
  'login',
  'replication',
  'bypassRls',
  'connectionLimit',
  'validUntil',
] as const

/** Roles in scope with other attributes, memberships or settings on the target. Passwords are never compared. */
export function compareRoles({ source, target, roles }: SchemaInput): readonly SchemaFinding[] {
  return roles.flatMap((name): readonly SchemaFinding[] => {
    const here = source.roleByName(name)
    const there = target.roleByName(name)
    if (here === undefined) return []
    const problems = there === undefined ? ['is not on the target'] : differences(here, there)
    return problems.map((problem) => ({ area: 'role', what: name, problem }))
  })
}

function differences(here: Role, there: Role): readonly string[] {
  const attributes = ATTRIBUTES.filter((a) => here[a] !== there[a]).map(
    (a) => `has ${a} ${String(there[a])} on the target and ${String(here[a])} on the source`,
  )
  const lists = [
    ['member of', here.memberOf.map((m) => m.role), there.memberOf.map((m) => m.role)],
    ['set to', here.settings.map((s) => `${s.name} = ${s.value}`), there.settings.map((s) => `${s.name} = ${s.value}`)],
  ] as const
  const members = lists.flatMap(([relation, ours, theirs]) => [
    ...ours.filter((m) => !theirs.includes(m)).map((m) => `is not ${relation} ${m} on the target`),
    ...theirs.filter((m) => !ours.includes(m)).map((m) => `is ${relation} ${m} only on the target`),
  ])
  return [...attributes, ...members]
}
