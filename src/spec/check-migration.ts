import type { Diagnostic } from '../core/diagnostic.js'
import { SIDES } from '../core/side.js'
import type { UrlBySide } from './build-spec.js'
import { checkAddresses } from './check-addresses.js'
import { checkHooks } from './check-hooks.js'
import { checkNames } from './check-names.js'
import { checkTables } from './check-tables.js'
import { checkValues } from './check-values.js'
import { findLiteralSecrets } from './literal-secret.js'
import { findAmbiguousWords } from './quoting-trap.js'
import { specError } from './report.js'
import { placeOf, type SpecTree, stringAt, valueAt } from './spec-tree.js'

/** Everything about one migration that the schema cannot say. Safe on data that failed the schema. */
export function checkMigration(tree: SpecTree, urls: UrlBySide): readonly Diagnostic[] {
  return [
    ...findLiteralSecrets(tree),
    ...checkNames(tree),
    ...checkTables(tree),
    ...checkValues(tree),
    ...checkAddresses(tree),
    ...checkHooks(tree),
    ...checkUsers(tree, urls),
    ...checkDistinct(tree, urls),
    ...findAmbiguousWords(tree),
  ]
}

/** With a URL, exactly one of it and `admin` names the user, and at most one the password. */
function checkUsers(tree: SpecTree, urls: UrlBySide): readonly Diagnostic[] {
  return SIDES.flatMap((side) => {
    const url = urls[side]
    if (url === undefined) return []
    const user = tree.places.get(`/${side}/admin/user`)
    const password = tree.places.get(`/${side}/admin/password`)
    if (url.parts.user === undefined && user === undefined) {
      const message = `\`${side}.url\` names no user, and \`${side}.admin.user\` is missing`
      return [
        specError(
          'spec-missing-key',
          placeOf(tree, `/${side}/url`)?.key,
          message,
          'add it to the URL or write `admin: { user: … }`',
        ),
      ]
    }
    const twice = [
      ...(url.parts.user !== undefined && user !== undefined ? [{ word: 'user', place: user }] : []),
      ...(url.passwordFrom !== undefined && password !== undefined ? [{ word: 'password', place: password }] : []),
    ]
    return twice.map(({ word, place }) =>
      specError(
        'spec-conflict',
        place.key,
        `\`${side}.admin.${word}\` stands beside \`${side}.url\`, which names a ${word} too`,
        'remove one of the two',
      ),
    )
  })
}

function checkDistinct(tree: SpecTree, urls: UrlBySide): readonly Diagnostic[] {
  const [source, target] = SIDES.map((side) => address(tree, urls, side))
  if (source === undefined || source !== target) return []
  const place = tree.places.get('/target/database') ?? placeOf(tree, '/target/url')
  const message = 'source and target are the same database: same host, port and name'
  return [specError('spec-same-database', place?.value, message)]
}

function address(tree: SpecTree, urls: UrlBySide, side: 'source' | 'target'): string | undefined {
  const parts = urls[side]?.parts
  const host = parts?.host ?? stringAt(tree, `/${side}/host`)
  const database = parts?.database ?? stringAt(tree, `/${side}/database`)
  const port = parts?.port ?? valueAt(tree, `/${side}/port`) ?? 5432
  if (host === undefined || database === undefined || typeof port !== 'number') return undefined
  return JSON.stringify([host.toLowerCase(), port, database])
}
