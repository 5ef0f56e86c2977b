import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Command as Commander, Option } from 'commander'
import type { Diagnostic } from '../../core/diagnostic.js'
import { hasErrors } from '../../core/diagnostic.js'
import { UsageError } from '../../core/error.js'
import type { PgbeltConfig } from '../../pgbelt/config.js'
import { readConfig } from '../../pgbelt/read-config.js'
import { specYaml } from '../../pgbelt/spec-yaml.js'
import { toSpecs } from '../../pgbelt/to-spec.js'
import { importReportText, importVariablesText } from '../../render/import-text.js'
import { loadSpecs } from '../../spec/load.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { type Host, runs } from '../run.js'
import { shellWord } from '../../core/shell-word.js'
import { writeNew } from '../write-new.js'

interface ImportOptions {
  readonly config: readonly string[]
  readonly engine?: 'native' | 'pglogical'
  readonly out?: string
  readonly force?: boolean
}

/** A configuration has some kilobytes; a list of every table some hundred. */
const MAX_BYTES = 4_000_000

export function addImport(program: Commander, host: Host): void {
  const command = program.command('import').description('write a spec from the configuration of another tool')
  command
    .command('pgbelt')
    .description('write a spec from configurations of pgbelt; many become one file of many migrations')
    .argument('<config...>', 'configs/<datacenter>/<database>/config.json')
    .addOption(
      new Option('--engine <engine>', 'how the rows travel; pglogical for belt adopt').choices(['native', 'pglogical']),
    )
    .option('--out <spec>', 'where to write it (default: stdout)')
    .option('--force', 'write over a file that is there')
    .action(runs(host, importPgbelt))
}

async function importPgbelt(
  { config: files, engine, out, force }: ImportOptions,
  context: CliContext,
): Promise<ExitCode> {
  const configs: PgbeltConfig[] = []
  const diagnostics: Diagnostic[] = []
  for (const file of files) {
    const read = readConfig(await readText(file, context), file)
    diagnostics.push(...read.diagnostics)
    if (read.config !== undefined) configs.push(read.config)
  }
  const { migrations, variables, diagnostics: differences } = toSpecs(configs, engine)
  const all = [...diagnostics, ...differences]
  context.err.write(importReportText(all, context.errStyle))
  if (hasErrors(all)) {
    const errors = all.filter((d) => d.severity === 'error').length
    throw new UsageError('import-invalid', `${errors === 1 ? '1 error' : `${errors} errors`}: nothing is written`, {
      hint: 'Correct what stands above, then run the same command again.',
    })
  }
  const text = specYaml(migrations, files)
  const broken = await problems(text, context)
  if (broken !== undefined) {
    throw new UsageError('import-invalid', `a spec cannot hold what the configurations say: ${broken}`, {
      hint: 'Correct it there, then run the same command again.',
    })
  }
  if (out === undefined) context.out.write(text)
  else await writeNew(path.resolve(context.cwd, out), text, { shown: out, force: force === true })
  context.err.write(importVariablesText(variables))
  const file = out === undefined ? '' : ` -f ${shellWord(out)}`
  const next = `Next: ${out === undefined ? 'save this as belt.yaml, then ' : ''}belt validate${file}\n`
  if (out === undefined) context.err.write(next)
  else context.out.write(`${out} is written.\n${next}`)
  return EXIT.done
}

/** The first error of the spec, if there is one: what is written is what belt reads. */
async function problems(text: string, { cwd }: CliContext): Promise<string | undefined> {
  const resolveSecret = (): Promise<never> => Promise.reject(new Error('no secret is needed to check a spec'))
  const { diagnostics } = await loadSpecs(text, 'import', { env: {}, baseDir: cwd, resolveSecret })
  return diagnostics.find((d) => d.severity === 'error')?.message
}

async function readText(file: string, { cwd }: CliContext): Promise<string> {
  const bytes = await readFile(path.resolve(cwd, file)).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const hint = code === 'EISDIR' ? `Name the files: ${file}/*/*/config.json` : 'Check the path.'
    throw new UsageError('import-unreadable', `cannot read ${file}: ${code}`, { hint })
  })
  if (bytes.length > MAX_BYTES) {
    throw new UsageError(
      'import-unreadable',
      `${file} has ${String(bytes.length)} bytes: that is no configuration of pgbelt`,
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError('import-unreadable', `${file} is not UTF-8 text`, { hint: 'Save it as UTF-8.' })
  }
}
