import { serviceRoles } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide, sideToReopen } from '../current-stage.js'
import { admittedRoles } from '../handover/fence.js'

/** What writes to the side that is to be closed and is no application's session (rule 14). */
export function checkOtherWriters(context: MigrationContext): readonly Diagnostic[] {
  const from: Side = context.spec.stage === 'cutover' ? 'source' : 'target'
  if (servingSide(context) !== from || sideToReopen(context) !== undefined) return []
  return [...workers(context, from), ...cronJobs(context, from), ...selfServers(context, from)]
}

/** Inside the pause nobody else may be connected, and what is started anew whenever it is ended never goes. */
function workers(context: MigrationContext, from: Side): readonly Diagnostic[] {
  const catalog = context[from]
  const exempt = new Set([...admittedRoles(context, from), ...serviceRoles(catalog)])
  exempt.delete(catalog.me.name)
  return (catalog.activity.workers ?? [])
    .filter(({ role }) => !exempt.has(role))
    .map(({ type, role, processes }) => ({
      severity: 'error',
      code: 'fence-hole',
      side: from,
      subject: `process ${type}`,
      message: `${type} (${counted(processes, 'process', 'processes')}${role === '' ? '' : ` of user ${role}`}) is connected to the ${from}, and no fence is for it: the pause would wait for it in vain`,
      fix: waysToStop(type, catalog.database.name, role === catalog.me.name ? undefined : role),
    }))
}

function waysToStop(type: string, database: string, role: string | undefined): string {
  const spare = role === undefined || role === '' ? '' : ` Or name ${role} in cutover.except_roles if it never writes.`
  if (/^pg_cron/.test(type))
    return `Let pg_cron live in another database for the handover (cron.database_name, then restart the server), or take it out of shared_preload_libraries.${spare}`
  if (/timescale/i.test(type))
    return `select _timescaledb_functions.stop_background_workers(); in ${quoteIdent(database)}.${spare}`
  return `Stop it in this database, as its extension's documentation says.${spare}`
}

function cronJobs({ ...catalogs }: MigrationContext, from: Side): readonly Diagnostic[] {
  const { cronJobs: jobs = [] } = catalogs[from].activity
  const fix = `Switch them off before (select cron.alter_job(<job>, active := false);), and schedule them on the ${otherSide(from)} afterwards: belt does not carry them.`
  if (jobs === 'unreadable') {
    const message = `pg_cron is installed on the ${from}, and ${catalogs[from].me.name} may not read its jobs: those of superusers pass the fence`
    return [{ severity: 'warning', code: 'cron-jobs', side: from, message, fix }]
  }
  if (jobs.length === 0) return []
  const list = jobs.slice(0, 5).map((j) => `${j.id} of ${j.role} (${j.schedule})`)
  const more = jobs.length > 5 ? ` and ${String(jobs.length - 5)} more` : ''
  return [
    {
      severity: 'warning',
      code: 'cron-jobs',
      side: from,
      message: `pg_cron runs ${counted(jobs.length, 'job')} in this database: ${list.join(', ')}${more}. The fence holds those of ordinary roles, which then fail; those of superusers go on writing to the ${from} after the pause`,
      fix,
    },
  ]
}

/** A loop back into this database, or on the side that was copied a way into the other one. */
function selfServers({ ...catalogs }: MigrationContext, from: Side): readonly Diagnostic[] {
  return (catalogs[from].activity.selfServers ?? []).map(({ name, wrapper }) => ({
    severity: 'warning',
    code: 'foreign-writer',
    side: from,
    subject: `server ${quoteIdent(name)}`,
    message: `server ${quoteIdent(name)} (${wrapper}) leads to a database of the same name: if that is this one, its copy on the ${otherSide(from)} would still write to the ${from} afterwards`,
    fix: `See where it leads; if to the ${from}: alter server ${quoteIdent(name)} options (set host '…'); on the ${otherSide(from)} behind the cutover.`,
  }))
}
