import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InvalidArgumentError, Option, type Command as Commander } from 'commander'
import { UsageError } from '../../core/error.js'
import { verifyHtml } from '../../render/verify/verify-html.js'
import { verifyJson } from '../../render/verify/verify-json.js'
import { verifyText } from '../../render/verify/verify-text.js'
import type { Verification } from '../../render/verify/verification.js'
import { count, digits } from '../../render/text/quantity.js'
import { visible } from '../../render/text/visible.js'
import { parsePattern } from '../../spec/table-pattern.js'
import type { Resumed } from '../../verify/online/compare-stream.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'
import { stateStoreOf } from '../state-store.js'
import { nextAfterVerify } from '../verify/next-step.js'
import { recordVerification } from '../verify/record-verification.js'
import { verifyMigration } from '../verify/verify-migration.js'
import { verifyProgress } from '../verify/verify-progress.js'

interface VerifyOptions extends SpecOptions {
  readonly tables?: readonly string[]
  readonly sample?: number
  readonly full?: boolean
  readonly json?: boolean
  readonly html?: string
  readonly showValues?: boolean
  readonly rate?: number
  readonly jobs?: number
  readonly fresh?: boolean
}

export function addVerify(program: Commander, host: Host): void {
  program
    .command('verify')
    .description(
      'compare every row, and the structure, of both sides while changes stream; exit code 2 when they differ',
    )
    .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
    .option('--migration <name>', 'which migration of the file')
    .option('--tables <pattern...>', 'only these tables (schema.table, * for any characters), without the structure')
    .addOption(new Option('--full', 'every row (default)').conflicts('sample'))
    .addOption(new Option('--sample <rows>', 'so many rows of each table, picked at random').argParser(wholeNumber))
    .option('--json', 'as JSON (version 1)')
    .option('--html <file>', 'also write a page that needs nothing else')
    .option('--show-values', 'show the values of rows that differ; by default only their keys')
    .addOption(
      new Option('--rate <MB/s>', 'read no more than this from the source (default: verify.rate)').argParser(positive),
    )
    .addOption(new Option('--jobs <n>', 'chunks compared at once (default: verify.jobs)').argParser(wholeNumber))
    .option('--fresh', 'begin again, where the same command was stopped before and would go on')
    .action(runs(host, verify))
}

function wholeNumber(text: string): number {
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < 1 || n > 1_000_000_000) throw new InvalidArgumentError('give a whole number from 1')
  return n
}

function positive(text: string): number {
  const n = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || n <= 0) throw new InvalidArgumentError('give megabytes a second, e.g. 20')
  return n
}

async function verify(options: VerifyOptions, context: CliContext): Promise<ExitCode> {
  const { tables: patterns = [], sample, html } = options
  checkPatterns(patterns)
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const rate = options.rate === undefined ? spec.verify.maxBytesPerSecond : options.rate * 1024 * 1024
  const sides = sidesOf(spec, resolveSecret, context)
  const store = stateStoreOf(sides, context)
  const { cancel } = context.interrupts
  const progress = verifyProgress(context, `reading both databases of ${visible(spec.name)}`)
  const wishes = {
    patterns,
    depth: sample === undefined ? ('full' as const) : { sample },
    jobs: options.jobs ?? spec.verify.jobs,
    showValues: options.showValues === true,
    onProgress: progress.show,
    afresh: options.fresh === true,
    onResume: (resumed: Resumed, of: number) => progress.say(resumedText(resumed, of)),
    ...(rate === undefined ? {} : { maxBytesPerSecond: rate }),
  }
  const verified = await verifyMigration(sides, store, wishes, cancel)
    .catch((error: unknown) => {
      if (cancel.aborted && sample === undefined) progress.say(stoppedText(options))
      throw error
    })
    .finally(progress.end)
  const { verification, compared } = verified
  const unkept = await recordVerification(verification, compared, verified.context.names.lineage, sides, store, cancel)
  await compared.forget()
  if (unkept !== undefined) context.err.write(`The result is not kept in the state: ${visible(unkept)}\n`)
  const next = nextAfterVerify(verification, verified.context, options)
  if (html !== undefined) {
    const file = path.resolve(context.cwd, html)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, verifyHtml(verification, next), { mode: 0o600 })
    context.err.write(`The page is ${html}\n`)
  }
  const json = options.json === true
  context.out.write(json ? verifyJson(verification, next) : verifyText(verification, context.outStyle, next))
  return EXITS[verification.verdict]
}

const EXITS: Readonly<Record<Verification['verdict'], ExitCode>> = {
  equal: EXIT.done,
  different: EXIT.changes,
  unknown: EXIT.failed,
}

function resumedText({ begunAt, tablesDone, tablesBegun }: Resumed, tables: number): string {
  const begun = tablesBegun === 0 ? '' : `, ${count(tablesBegun, 'more', 'more')} begun`
  return `Going on from a comparison begun at ${begunAt}: ${digits(tablesDone)} of ${count(tables, 'table')} found equal${begun}. --fresh begins again.`
}

function stoppedText(options: VerifyOptions): string {
  return `Stopped. The same command goes on from here; belt verify${specFlags(options)} --fresh begins again.`
}

function checkPatterns(patterns: readonly string[]): void {
  const wrong = patterns.find((p) => parsePattern(p) === undefined)
  if (wrong === undefined) return
  throw new UsageError('verify-pattern', `--tables ${wrong}: that is no schema.table`, {
    hint: 'name tables as public.orders, or with * for any characters: public.* or *.orders',
  })
}
