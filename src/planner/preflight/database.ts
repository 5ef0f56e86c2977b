import type { Diagnostic } from '../../core/diagnostic.js'
import { SIDES } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'

/** Differences between the two databases that change what text means, and connections that are not what they seem. */
export function checkDatabases(context: MigrationContext): readonly Diagnostic[] {
  const source = context.source.database
  const target = context.target.database
  const found: Diagnostic[] = []
  if (source.encoding !== target.encoding) {
    const convertible = target.encoding === 'UTF8' && source.encoding !== 'SQL_ASCII'
    found.push({
      severity: convertible ? 'warning' : 'error',
      code: 'encoding-differs',
      side: 'target',
      message: `the source database is ${source.encoding}, the target ${target.encoding}${convertible ? '; text is converted as it is copied' : ''}`,
      fix: convertible
        ? 'Nothing, if every stored text is valid in its encoding.'
        : `Create the target database with encoding ${source.encoding} (template0), or with UTF8.`,
    })
  }
  const locale = (d: typeof source): string => `${provider(d.localeProvider)} ${d.icuLocale ?? d.collate}/${d.ctype}`
  if (locale(source) !== locale(target)) {
    found.push({
      severity: 'warning',
      code: 'locale-differs',
      side: 'target',
      message: `the source sorts text by ${locale(source)}, the target by ${locale(target)}: order by, range conditions and unique indexes on expressions can give other results`,
      fix: 'Create the target database with the same locale provider and locale if the application depends on it.',
    })
  }
  for (const side of SIDES) {
    if (!context[side].server.pooled) continue
    found.push({
      severity: 'error',
      code: 'pooler',
      side,
      message: `two statements on one connection to the ${side} ran in two backends: a transaction pooler stands between, and locks, snapshots and settings do not survive it`,
      fix: `Point ${side}.host and ${side}.port at the server itself.`,
    })
  }
  return found
}

function provider(letter: string): string {
  return letter === 'i' ? 'icu' : letter === 'b' ? 'builtin' : 'libc'
}
