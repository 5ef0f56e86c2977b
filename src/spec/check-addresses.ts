import type { Diagnostic } from '../core/diagnostic.js'
import { settingName, writtenValue } from './describe-place.js'
import { specError } from './report.js'
import { placeOf, type SpecTree, stringAt } from './spec-tree.js'

const HOSTS = ['/source/host', '/source/reachable_at/host', '/target/host', '/target/reachable_at/host'] as const
const PATHS = [
  '/source/tls/ca',
  '/source/tls/cert',
  '/source/tls/key',
  '/source/admin/password/file',
  '/source/url/file',
  '/target/tls/ca',
  '/target/tls/cert',
  '/target/tls/key',
  '/target/admin/password/file',
  '/target/url/file',
  '/roles/replication/password/file',
  '/state/path',
] as const

/** Hosts that hold more than a host, and paths that only a shell would expand. */
export function checkAddresses(tree: SpecTree): readonly Diagnostic[] {
  return [...HOSTS.flatMap((at) => checkHost(tree, at)), ...PATHS.flatMap((at) => checkPath(tree, at))]
}

function checkHost(tree: SpecTree, at: string): readonly Diagnostic[] {
  const host = stringAt(tree, at)
  const problem = host === undefined || host === '' ? undefined : hostProblem(host)
  if (problem === undefined) return []
  const message = `${settingName(at)} must be a host alone: ${writtenValue(tree, at)} ${problem.message}`
  return [specError('spec-value', placeOf(tree, at)?.value, message, problem.fix)]
}

function hostProblem(host: string): { readonly message: string; readonly fix?: string } | undefined {
  if (host.includes('://')) return { message: 'is a URL', fix: 'write it as `url:` instead of host, port and database' }
  if (host.includes(',')) return { message: 'names several hosts', fix: 'name the one that serves' }
  if (/^[^:]+:\d+$/.test(host)) return { message: 'holds a port', fix: 'put the port under `port:`' }
  if (host.startsWith('/')) return undefined
  return /[\s@/=\u0000]/.test(host) ? { message: 'is none' } : undefined
}

function checkPath(tree: SpecTree, at: string): readonly Diagnostic[] {
  if (stringAt(tree, at)?.startsWith('~') !== true) return []
  const message = `${settingName(at)} begins with \`~\`, which only a shell expands`
  return [specError('spec-value', placeOf(tree, at)?.value, message, 'write `${env:HOME}/…`')]
}
