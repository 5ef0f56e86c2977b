import type { SecretReference, Spec } from '../spec/spec.js'
import type { Environment } from './context.js'

/** What hooks find in their environment: belt's own, without the variables that the spec takes secrets from. */
export function hookEnvironment(env: Environment, { source, target, roles }: Spec): Environment {
  const secrets = new Set(
    [source.admin.password, target.admin.password, roles.replication.password].flatMap(variablesOf),
  )
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.has(name)))
}

function variablesOf(reference: SecretReference | undefined): readonly string[] {
  if (reference === undefined) return []
  if ('urlOf' in reference) return variablesOf(reference.urlOf)
  return 'env' in reference ? [reference.env] : []
}
