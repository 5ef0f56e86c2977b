import type { Diagnostic } from '../core/diagnostic.js'
import { settingName, writtenValue } from './describe-place.js'
import { parseDuration, parseSize } from './quantities.js'
import { specError } from './report.js'
import { childPointer, isList, placeOf, type SpecTree, stringAt, valueAt } from './spec-tree.js'

interface Bounds {
  readonly at: string
  readonly parse: (text: string) => number | undefined
  readonly min: string
  readonly max: string
}

const BOUNDS: readonly Bounds[] = [
  { at: '/cutover/max_pause', parse: parseDuration, min: '1s', max: '1h' },
  { at: '/cutover/verify_max_age', parse: parseDuration, min: '1min', max: '30d' },
  { at: '/indexes/max_stall', parse: parseDuration, min: '0s', max: '24h' },
  { at: '/cutover/max_lag', parse: parseSize, min: '1kB', max: '1TB' },
  { at: '/verify/rate', parse: parseSize, min: '1kB', max: '1TB' },
]

/** What the schema cannot say: bounds of durations and sizes, real dates, what does not exist yet. */
export function checkValues(tree: SpecTree): readonly Diagnostic[] {
  return [...BOUNDS.flatMap((bounds) => checkBounds(tree, bounds)), ...checkDates(tree), ...checkNotYet(tree)]
}

function checkBounds(tree: SpecTree, { at, parse, min, max }: Bounds): readonly Diagnostic[] {
  const text = stringAt(tree, at)
  const amount = text === undefined ? undefined : parse(text)
  if (amount === undefined || (amount >= (parse(min) ?? 0) && amount <= (parse(max) ?? 0))) return []
  const message = `${settingName(at)} is ${writtenValue(tree, at)}; it must lie between ${min} and ${max}`
  return [specError('spec-value', placeOf(tree, at)?.value, message)]
}

function checkDates(tree: SpecTree): readonly Diagnostic[] {
  const approvals = valueAt(tree, '/approve')
  return (isList(approvals) ? approvals : []).flatMap((_, index) => {
    const at = `${childPointer('/approve', index)}/until`
    const text = stringAt(tree, at)
    if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text) || isCalendarDate(text)) return []
    const message = `${settingName(at)} is ${writtenValue(tree, at)}, a day that no calendar has`
    return [specError('spec-value', placeOf(tree, at)?.value, message)]
  })
}

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function checkNotYet(tree: SpecTree): readonly Diagnostic[] {
  if (stringAt(tree, '/copy/method') !== 'parallel') return []
  const at = placeOf(tree, '/copy/method')?.value
  return [specError('not-yet', at, 'parallel copy does not exist yet', 'use `method: subscription`')]
}
