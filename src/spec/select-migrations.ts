import type { Diagnostic } from '../core/diagnostic.js'
import { didYouMean } from '../core/nearest-words.js'
import { mergeDefaults } from './merge-defaults.js'
import { shown, specError } from './report.js'
import { isList, isMap, type SpecTree, stringAt, valueAt } from './spec-tree.js'

/** The migrations of a file, each as a tree of its own with the defaults merged in. */
export interface Selection {
  readonly trees: readonly SpecTree[]
  readonly diagnostics: readonly Diagnostic[]
}

/** True for a file with `migrations:`. */
export function holdsMany(tree: SpecTree): boolean {
  return isMap(tree.data) && Object.hasOwn(tree.data, 'migrations')
}

export function allMigrations(tree: SpecTree): Selection {
  if (!holdsMany(tree)) return { trees: [tree], diagnostics: [] }
  const trees = migrationIndexes(tree).map((index) => mergeDefaults(tree, index))
  return { trees, diagnostics: [...notAList(tree), ...duplicateNames(tree)] }
}

/** The one migration that is asked for; without a name, the only one. */
export function oneMigration(tree: SpecTree, name: string | undefined): Selection {
  const { trees, diagnostics } = allMigrations(tree)
  const names = trees.flatMap((t) => stringAt(t, '/name') ?? [])
  if (name === undefined) {
    if (trees.length <= 1) return { trees, diagnostics }
    const message = `this file holds ${trees.length} migrations`
    const fix = `pick one with --migration: ${names.join(', ')}`
    return {
      trees: [],
      diagnostics: [...diagnostics, specError('spec-pick-migration', keyOf(tree, '/migrations'), message, fix)],
    }
  }
  const chosen = trees.filter((t) => stringAt(t, '/name') === name)
  if (chosen.length > 0) return { trees: chosen.slice(0, 1), diagnostics }
  const message = `this file has no migration ${shown(name)}${didYouMean(name, names)}`
  const at = holdsMany(tree) ? keyOf(tree, '/migrations') : tree.places.get('/name')?.value
  return {
    trees: [],
    diagnostics: [...diagnostics, specError('spec-no-migration', at, message, `it has ${names.join(', ')}`)],
  }
}

function migrationIndexes(tree: SpecTree): readonly number[] {
  const list = valueAt(tree, '/migrations')
  return isList(list) ? list.flatMap((item, index) => (isMap(item) ? [index] : [])) : []
}

function notAList(tree: SpecTree): readonly Diagnostic[] {
  if (isList(valueAt(tree, '/migrations'))) return []
  const message = '`migrations` must be a list, one entry for each migration'
  return [specError('spec-type', keyOf(tree, '/migrations'), message, 'begin each entry with `- name: …`')]
}

/** Names that differ only in capitals share a state file where file names do. */
function duplicateNames(tree: SpecTree): readonly Diagnostic[] {
  const seen = new Set<string>()
  return migrationIndexes(tree).flatMap((index) => {
    const at = `/migrations/${index}/name`
    const name = stringAt(tree, at)
    if (name === undefined) return []
    const known = seen.has(name.toLowerCase())
    seen.add(name.toLowerCase())
    if (!known) return []
    return [
      specError('spec-duplicate-migration', tree.places.get(at)?.value, `a second migration is called ${shown(name)}`),
    ]
  })
}

function keyOf(tree: SpecTree, pointer: string): Diagnostic['at'] {
  const place = tree.places.get(pointer)
  return place?.key ?? place?.value
}
