import type { Command as Commander } from 'commander'
import type { Adoption } from '../../adopt/judge-adoption.js'
import { hasErrors } from '../../core/diagnostic.js'
import { RefusedError } from '../../core/error.js'
import { settingsOfSides, type SidesInput } from '../../inspect/both-sides.js'
import { withRunLock } from '../../postgres/advisory-lock.js'
import { runLockKey } from '../../postgres/lock-key.js'
import { adoptText } from '../../render/adopt-text.js'
import { count } from '../../render/text/quantity.js'
import { lookAtAdoption } from '../adopt/look.js'
import { writeAdoption } from '../adopt/write-adoption.js'
import { confirm } from '../confirm.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'

interface AdoptOptions extends SpecOptions {
  readonly full?: boolean
  readonly yes?: boolean
}

export function addAdopt(program: Commander, host: Host): void {
  program
    .command('adopt')
    .description('take over a running migration of pgbelt without copying again; writes only records of belt')
    .option('-f, --file <spec>', 'the spec, with engine: pglogical', DEFAULT_SPEC)
    .option('--migration <name>', 'which migration of the file')
    .option('--full', 'in the end also drop extension and role, as teardown --full of pgbelt does')
    .option('--yes', 'do not ask')
    .action(runs(host, adopt))
}

async function adopt(options: AdoptOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context)
  const sides = sidesOf(spec, resolveSecret, context, 'change')
  const flags = specFlags(options)
  const full = options.full === true
  const adoption = await lookAtAdoption(sides, full, context)
  if (adoption.done) {
    context.out.write(`Both servers say that this migration is belt’s already.\nNext: belt plan${flags}\n`)
    return EXIT.done
  }
  context.out.write(`${adoptText(adoption, context.outStyle)}\n`)
  demandAdoptable(adoption, flags)
  await confirm(context, options.yes === true, 'This takes the migration over from pgbelt.', 'say --yes.')
  const { lineage } = adoption.context.names
  await carryOut(sides, { full, lineage, flags }, context)
  context.out.write(`The migration is belt’s now. No replication object was changed.\nNext: belt plan${flags}\n`)
  return EXIT.done
}

/** Looked at once more under the run lock: while somebody read, both databases went on. */
async function carryOut(
  sides: SidesInput,
  { full, lineage, flags }: { readonly full: boolean; readonly lineage: string; readonly flags: string },
  context: CliContext,
): Promise<void> {
  const signal = context.interrupts.cancel
  await withRunLock(settingsOfSides(sides).target, runLockKey(lineage), signal, async ({ lost }) => {
    const now = await lookAtAdoption(sides, full, context)
    demandAdoptable(now, flags)
    await writeAdoption(now, sides, context, AbortSignal.any([signal, lost]))
  })
}

function demandAdoptable({ findings }: Adoption, flags: string): void {
  if (!hasErrors(findings)) return
  const errors = findings.filter((d) => d.severity === 'error').length
  throw new RefusedError('cannot-adopt', `${count(errors, 'error')}: nothing was taken over and nothing changed`, {
    hint: `mend what stands above, then run belt adopt${flags} again; pgbelt’s replication goes on meanwhile.`,
  })
}
