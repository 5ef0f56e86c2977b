import type { Diagnostic } from '../core/diagnostic.js'
import { settingName, writtenValue } from './describe-place.js'
import { parseDuration } from './quantities.js'
import { shown, specError } from './report.js'
import { HOOK_MOMENTS } from './spec.js'
import { childPointer, isList, isMap, placeOf, type SpecTree, stringAt, valueAt } from './spec-tree.js'

/** What the schema cannot say of hooks: either a command or SQL and its side, names once, a timeout within bounds. */
export function checkHooks(tree: SpecTree): readonly Diagnostic[] {
  return HOOK_MOMENTS.flatMap((moment) => {
    const list = childPointer('/hooks', moment)
    const hooks = valueAt(tree, list)
    if (!isList(hooks)) return []
    const pointers = hooks.flatMap((hook, index) => (isMap(hook) ? [childPointer(list, index)] : []))
    return [...pointers.flatMap((at) => checkHook(tree, at)), ...checkNames(tree, pointers)]
  })
}

function checkHook(tree: SpecTree, at: string): readonly Diagnostic[] {
  const has = (key: string): boolean => valueAt(tree, childPointer(at, key)) !== undefined
  const placeOfKey = (key: string): Diagnostic['at'] => {
    const place = placeOf(tree, childPointer(at, key))
    return place?.key ?? place?.value
  }
  if (has('command') && has('sql')) {
    const message = `${settingName(at)} has both a \`command\` and \`sql\``
    return [specError('spec-conflict', placeOfKey('sql'), message, 'make two hooks of it')]
  }
  if (!has('command') && !has('sql')) {
    const message = `${settingName(at)} says nothing to run`
    const fix = 'add `command: [program, argument]`, or `sql: file.sql` and `on: source` or `on: target`'
    return [specError('spec-missing-key', placeOf(tree, at)?.value, message, fix)]
  }
  if (has('sql') && !has('on')) {
    const message = `${settingName(at)} does not say where its SQL runs`
    return [specError('spec-missing-key', placeOfKey('sql'), message, 'add `on: source` or `on: target`')]
  }
  if (has('command') && has('on')) {
    const message = `${settingName(at)} has \`on\` beside a command, which runs where belt runs`
    return [specError('spec-conflict', placeOfKey('on'), message, 'remove `on`')]
  }
  return checkTimeout(tree, childPointer(at, 'timeout'))
}

function checkTimeout(tree: SpecTree, at: string): readonly Diagnostic[] {
  const text = stringAt(tree, at)
  const ms = text === undefined ? undefined : parseDuration(text)
  if (ms === undefined || (ms >= 100 && ms <= 3_600_000)) return []
  const message = `${settingName(at)} is ${writtenValue(tree, at)}; it must lie between 100ms and 1h`
  return [specError('spec-value', placeOf(tree, at)?.value, message)]
}

function checkNames(tree: SpecTree, pointers: readonly string[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return pointers.flatMap((pointer) => {
    const at = childPointer(pointer, 'name')
    const name = stringAt(tree, at)
    if (name === undefined) return []
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const message = `two hooks of the same moment are called ${shown(name)}`
    return [specError('spec-duplicate-key', placeOf(tree, at)?.value, message, 'give each a name of its own')]
  })
}
