/** A path of the spec made absolute: relative ones start at `baseDir`. POSIX paths; `.` and `..` are folded away. */
export function resolvePath(baseDir: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${baseDir}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
