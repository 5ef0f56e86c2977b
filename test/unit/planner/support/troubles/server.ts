import { emptyCatalog } from '../catalog.js'
import type { Trouble } from './trouble.js'

const { database } = emptyCatalog('source', 15)

export const SERVER_TROUBLES: readonly Trouble[] = [
  { situation: { from: 11 }, says: 'error version-too-old (source): the source is Postgres 11.1; belt needs 12' },
  { situation: { to: 19 }, says: 'warning version-untested (target): the target is Postgres 19.1' },
  { situation: { from: 17, to: 15 }, says: 'warning version-downgrade (target): the target (15) is older' },
  {
    situation: { sourceServer: { pooled: true } },
    says: 'error pooler (source): two statements on one connection to the source ran in two backends',
    fix: 'Point source.host and source.port at the server itself.',
  },
  { situation: { targetServer: { inRecovery: true } }, says: 'error in-recovery (target): the target is a standby' },
  {
    situation: { target: { database: { ...database, encoding: 'LATIN1' } } },
    says: 'error encoding-differs (target): the source database is UTF8, the target LATIN1',
    fix: 'encoding UTF8 (template0)',
  },
  {
    situation: { source: { database: { ...database, encoding: 'LATIN1' } } },
    says: 'warning encoding-differs (target): the source database is LATIN1, the target UTF8; text is converted',
  },
  {
    situation: { target: { database: { ...database, localeProvider: 'i', icuLocale: 'de' } } },
    says: 'warning locale-differs (target): the source sorts text by libc C.UTF-8/C.UTF-8, the target by icu de/C.UTF-8',
  },
]
