import path from 'node:path'
import { type Command as Commander, Option } from 'commander'
import { BeltError } from '../../core/error.js'
import { SIDES } from '../../core/side.js'
import { settingsOfSides } from '../../inspect/both-sides.js'
import { errorText } from '../../render/error-text.js'
import { sideCheckText, swappedText } from '../../render/side-check-text.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { collectAnswers, type InitFlags } from '../init/answers.js'
import { checkSide } from '../init/check-side.js'
import { PASSWORD_VARIABLES, specTemplate } from '../init/spec-template.js'
import { specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec } from '../spec-file.js'
import { writeNew } from '../write-new.js'

interface InitOptions extends InitFlags {
  readonly file: string
  readonly force?: boolean
  readonly check: boolean
}

export function addInit(program: Commander, host: Host): void {
  const command = program
    .command('init')
    .description('write a commented spec and check that it reaches both servers')
    .option('-f, --file <spec>', 'where to write it', DEFAULT_SPEC)
    .option('--force', 'write over a file that is there')
    .option('--no-check', 'do not connect')
    .option('--name <name>', 'name of the migration')
  const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']
  for (const side of SIDES) {
    command
      .option(`--${side}-host <host>`, `host of the ${side}`)
      .option(`--${side}-port <port>`, `port of the ${side} (default: 5432)`)
      .option(`--${side}-database <database>`, `database on the ${side}`)
      .option(`--${side}-user <user>`, `administrator on the ${side} (default: postgres)`)
      .addOption(new Option(`--${side}-tls <mode>`, `as sslmode of libpq`).choices(modes))
  }
  command.action(runs(host, init))
}

async function init(options: InitOptions, context: CliContext): Promise<ExitCode> {
  const answers = await collectAnswers(options, context)
  const file = path.resolve(context.cwd, options.file)
  await writeNew(file, specTemplate(answers), { shown: options.file, force: options.force === true })
  context.out.write(`${options.file} is written. It takes its passwords from the environment:\n`)
  for (const name of Object.values(PASSWORD_VARIABLES)) {
    context.out.write(`  ${name}${context.env[name] === undefined ? '  (not set)' : ''}\n`)
  }
  const { spec, resolveSecret } = await readSpec({ file: options.file }, context)
  let failed = false
  if (options.check) {
    const settings = settingsOfSides(sidesOf(spec, resolveSecret, context))
    const tables: number[] = []
    for (const side of SIDES) {
      try {
        const found = await checkSide(side, settings[side], context.interrupts.cancel)
        tables.push(found.tables)
        context.out.write(sideCheckText(found))
      } catch (error) {
        if (!(error instanceof BeltError) || context.interrupts.received() !== undefined) throw error
        failed = true
        context.out.write(`${side}: not reached\n`)
        context.err.write(errorText(error, context.errStyle, context.debug))
      }
    }
    context.out.write(swappedText(tables))
  }
  const flags = specFlags({ file: options.file })
  context.out.write(
    `Next: ${failed ? `put right what stands above in ${options.file} or the environment, then ` : ''}belt plan${flags}\n`,
  )
  return failed ? EXIT.failed : EXIT.done
}
