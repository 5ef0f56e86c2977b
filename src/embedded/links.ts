import { readFile, symlink } from 'node:fs/promises'
import path from 'node:path'

/**
 * npm cannot pack symbolic links, so the package lists them in `pg-symlinks.json` and makes them after installation.
 * Package managers that run no install scripts leave them out, and then no program finds its libraries: make what is
 * missing. False when the folder cannot be written.
 */
export async function makeLinks(native: string): Promise<boolean> {
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of parseLinks(list)) {
    // Both are written relative to the package, the parent of `native`.
    const at = path.join(native, '..', target)
    const to = path.relative(path.dirname(target), source)
    const code = await symlink(to, at).then(() => undefined, errorCode)
    if (code !== undefined && code !== 'EEXIST') return false
  }
  return true
}

interface Link {
  readonly source: string
  readonly target: string
}

function parseLinks(text: string): readonly Link[] {
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed.filter(isLink) : []
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value)) return false
  return [value.source, value.target].every((p) => typeof p === 'string' && /^native\//.test(p) && !p.includes('..'))
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
