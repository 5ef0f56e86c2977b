import { readFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { RefusedError, UsageError } from '../core/error.js'
import { planDigest } from './plan-digest.js'
import { planShapeProblems } from './plan-shape.js'
import { PLAN_FORMAT } from './plan.js'
import type { Plan } from './plan.js'
import { prettyJson } from './pretty-json.js'

/** A plan with the digest that names it in states and reviews. */
export interface SavedPlan {
  readonly plan: Plan
  readonly digest: string
}

/** The text of a saved plan: pretty JSON with sorted keys, the digest among them. */
export function planText(plan: Plan): string {
  return prettyJson({ ...plan, digest: planDigest(plan) })
}

/**
 * Writes a plan for review, all or nothing, and gives its digest. Only another plan is written over.
 *
 * @throws UsageError `plan-over`
 */
export async function writePlanFile(path: string, plan: Plan): Promise<string> {
  await mayWriteOver(path)
  await writeFileAtomic(path, planText(plan), { encoding: 'utf8', mode: 0o644, fsync: true })
  return planDigest(plan)
}

async function mayWriteOver(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  if (text.trim() === '' || /"format":\s*"belt-plan\/\d+"/.test(text)) return
  throw new UsageError('plan-over', `${path} is there and is no plan, so it is not written over`, {
    hint: 'Name another file for the plan, or take that one away.',
  })
}

/**
 * Reads a saved plan.
 *
 * @throws UsageError `plan-missing`, `plan-unreadable`, `plan-damaged`, `plan-format`; RefusedError `plan-altered`
 */
export async function readPlanFile(path: string): Promise<SavedPlan> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw missing
      ? new UsageError('plan-missing', `there is no plan ${path}`, { hint: `Make it: belt plan --out ${path}`, cause })
      : new UsageError('plan-unreadable', `cannot read the plan ${path}`, { hint: 'Check its permissions.', cause })
  })
  return parsePlan(text, path)
}

/** As readPlanFile, from the text of the file called `name` in messages. */
export function parsePlan(text: string, name: string): SavedPlan {
  const value = parseJson(text, name)
  const format: unknown = value['format']
  if (format !== PLAN_FORMAT) throw wrongFormat(format, name)
  const problems = planShapeProblems(value)
  if (problems.length > 0) {
    const more = problems.length > 5 ? ` and ${problems.length - 5} more` : ''
    throw damaged(name, `${problems.slice(0, 5).join('; ')}${more}`)
  }
  const { digest, ...rest } = value
  const plan = rest as unknown as Plan
  const found = planDigest(plan)
  if (digest !== found) {
    throw new RefusedError('plan-altered', `${name} was changed after it was made: its digest does not fit`, {
      hint: `What was reviewed is what runs. Change the spec, not the plan, and make it anew: belt plan --out ${name}`,
    })
  }
  return { plan, digest: found }
}

function parseJson(text: string, name: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(name, cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged(name, 'it is not a JSON object')
  return value as Record<string, unknown>
}

function damaged(name: string, why: string, cause?: unknown): UsageError {
  return new UsageError('plan-damaged', `${name} is not a plan that belt wrote: ${why}`, {
    hint: 'A plan is what `belt plan --out FILE` writes: name that file, or make it anew.',
    cause,
  })
}

function wrongFormat(format: unknown, name: string): UsageError {
  if (typeof format === 'string' && /^belt-plan\/\d+$/.test(format)) {
    return new UsageError('plan-format', `${name} has format ${format}, and this belt reads ${PLAN_FORMAT}`, {
      hint: 'Make the plan anew with this version of belt, or apply it with the version that made it.',
    })
  }
  return new UsageError('plan-format', `${name} is not a belt plan (it has no "format": "${PLAN_FORMAT}")`, {
    hint: 'A plan is what `belt plan --out FILE` writes.',
  })
}
