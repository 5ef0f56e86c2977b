import { hasErrors } from '../core/diagnostic.js'
import { isUnrecorded } from '../plan/plan.js'
import type { Plan } from '../plan/plan.js'
import { shellWord } from '../core/shell-word.js'
import { DEFAULT_SPEC, type SpecOptions } from './spec-file.js'

/** `-f shop.yaml --migration shop`, as far as it was given, with a space before each. */
export function specFlags({ file, migration }: SpecOptions): string {
  return [
    ...(file === DEFAULT_SPEC ? [] : [' -f ', shellWord(file)]),
    ...(migration === undefined ? [] : [' --migration ', shellWord(migration)]),
  ].join('')
}

/** What to do with a plan that was just made. */
export function nextAfterPlan(plan: Plan, spec: SpecOptions, savedAs: string | undefined): string {
  const flags = specFlags(spec)
  if (hasErrors(plan.diagnostics)) return `fix what stands above, then belt plan${flags}`
  if (plan.actions.length === 0) return isUnrecorded(plan) ? `belt apply${flags}` : `belt status${flags}`
  if (savedAs !== undefined) return `have ${shellWord(savedAs)} reviewed, then belt apply ${shellWord(savedAs)}${flags}`
  return `belt plan${flags} --out plans/${shellWord(`${fileName(plan.name)}.json`)} to save it for review, or belt apply${flags}`
}

function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '_')
}
