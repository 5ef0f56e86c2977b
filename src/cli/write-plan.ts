import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Plan } from '../plan/plan.js'
import { planHtml } from '../render/html/plan-html.js'
import { planMarkdown } from '../render/markdown/plan-markdown.js'
import { planJson } from '../render/plan/plan-json.js'
import { planText } from '../render/plan/plan-text.js'
import type { CliContext } from './context.js'

/** How a plan is shown. */
export interface ShowOptions {
  readonly json?: boolean
  readonly markdown?: boolean
  /** File to write a page to. */
  readonly html?: string
  readonly all?: boolean
  readonly sql?: boolean
}

/** Shows a plan on stdout and, when asked, as a page in a file. */
export async function showPlan(plan: Plan, options: ShowOptions, next: string, context: CliContext): Promise<void> {
  const { html } = options
  if (html !== undefined) {
    const file = path.resolve(context.cwd, html)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, planHtml(plan, next))
    context.err.write(`The page is ${html}\n`)
  }
  context.out.write(textOf(plan, options, next, context))
}

function textOf(plan: Plan, { json, markdown, all, sql }: ShowOptions, next: string, context: CliContext): string {
  if (json === true) return planJson(plan, next)
  if (markdown === true) return planMarkdown(plan, next)
  return planText(plan, { style: context.outStyle, all: all === true, sql: sql === true, next })
}
