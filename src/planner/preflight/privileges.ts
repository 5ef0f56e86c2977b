import type { IndexedCatalog } from '../../catalog/indexed.js'
import { mayMakeEventTriggers, providerOf } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import { compareText } from '../../core/diagnostic.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { grantMembership, hasRightsOf } from './act-as.js'

/** What the admins of both sides must be allowed to do, checked before the first statement. */
export function checkPrivileges(context: MigrationContext): readonly Diagnostic[] {
  const { source, target, scope } = context
  const found: Diagnostic[] = []
  const published = scope.tables.filter((t) => t.route === 'replicate' || t.route === 'replicate-full')
  const owners = [...new Set(published.map((t) => t.table.owner))].sort(compareText)
  const foreign = owners.filter((owner) => !hasRightsOf(source, owner))
  if (foreign.length > 0) {
    found.push({
      severity: 'error',
      code: 'owner-privilege',
      side: 'source',
      message: `only the owner of a table can publish it, and ${source.me.name} has not the rights of ${foreign.join(', ')}`,
      fix: foreign.map((o) => grantMembership(source, o)).join(' '),
    })
  }
  for (const catalog of [source, target]) {
    if (catalog.me.superuser || catalog.me.mayCreateInDatabase) continue
    found.push({
      severity: 'error',
      code: 'create-privilege',
      side: catalog.side,
      message: `${catalog.me.name} may not create in database ${catalog.database.name} on the ${catalog.side}`,
      fix: `grant create on database ${quoteIdent(catalog.database.name)} to ${quoteIdent(catalog.me.name)};`,
    })
  }
  if (!mayReplicate(source)) {
    found.push({
      severity: 'error',
      code: 'replication-privilege',
      side: 'source',
      message: `${source.me.name} has no REPLICATION on the source, which making and reading a slot needs`,
      fix: waysToReplicate(source),
    })
  }
  const bypass = scope.tables.some((t) => t.route !== 'none' && t.table.rowSecurity)
  if (
    bypass &&
    !mayGiveBypassRls(source) &&
    source.roleByName(context.spec.roles.replication.name)?.bypassRls !== true
  ) {
    found.push({
      severity: 'error',
      code: 'bypassrls-privilege',
      side: 'source',
      message: `tables in scope have row security, so the replication role needs BYPASSRLS, which ${source.me.name} may not give`,
      fix: `As a superuser: create role ${quoteIdent(context.spec.roles.replication.name)} login replication bypassrls password '…';`,
    })
  }
  const events = source.eventTriggers.length
  if (events > 0 && !mayMakeEventTriggers(target)) {
    found.push({
      severity: 'error',
      code: 'event-trigger-privilege',
      side: 'target',
      message: `the source has ${counted(events, 'event trigger')}, which only a superuser can make`,
      fix: 'Use a superuser as target.admin, or drop them on the source.',
    })
  }
  if (events > 0 && context.spec.reverse.enabled && !mayMakeEventTriggers(source)) {
    found.push({
      severity: 'warning',
      code: 'event-trigger-stays',
      side: 'source',
      message: `${source.me.name} may not disable the ${counted(events, 'event trigger')} of the source while the target feeds it: what one writes for a statement of belt's stands on the source alone`,
      fix: 'Use a superuser as source.admin, or see that none of them writes to a table in scope.',
    })
  }
  return found
}

/** Up to 15 only a superuser gives BYPASSRLS; from 16 also who has it, with CREATEROLE. */
function mayGiveBypassRls({ me, server }: IndexedCatalog): boolean {
  return me.superuser || (server.major >= 16 && me.createRole && me.bypassRls)
}

/** A managed provider may lend the attribute through a role of its own. */
function mayReplicate(catalog: IndexedCatalog): boolean {
  const { me } = catalog
  const lent = providerOf(catalog)?.replicationRole
  return me.superuser || me.replication || (lent !== undefined && me.memberOf.includes(lent))
}

function waysToReplicate(catalog: IndexedCatalog): string {
  const me = quoteIdent(catalog.me.name)
  const provider = providerOf(catalog)
  if (provider?.replicationRole !== undefined) return `grant ${quoteIdent(provider.replicationRole)} to ${me};`
  const who = provider ? provider.admin : 'a superuser of the source'
  return `alter role ${me} replication; (as ${who})`
}
