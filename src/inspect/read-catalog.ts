import type { Catalog } from '../catalog/catalog.js'
import type { CatalogReader } from './catalog-reader.js'
import { readConstraints } from './constraints.js'
import { readDatabase } from './database.js'
import { readAvailableExtensions, readExtensions } from './extensions.js'
import { readIndexes } from './indexes.js'
import { countLargeObjects } from './large-objects.js'
import { readMaterializedViews } from './materialized-views.js'
import { readMe } from './me.js'
import { readOrigins } from './origins.js'
import { readPglogical } from './pglogical.js'
import { readPglogicalSubscriptions } from './pglogical-subscriptions.js'
import { readPublications } from './publications.js'
import { readBeltSchema } from './records.js'
import { readPredefinedRoles, readRoles } from './roles.js'
import { readSchemas } from './schemas.js'
import { readSequences } from './sequences.js'
import type { SequenceShape } from './sequences.js'
import { readServer } from './server.js'
import { readSlots } from './slots.js'
import { readSubscriptionOids, readSubscriptions } from './subscriptions.js'
import { readTables } from './tables.js'
import { readEventTriggers, readTriggers } from './triggers.js'
import { readViewUses } from './view-uses.js'

/** A catalog but for what is read before, besides or after: activity, script and the sequences' last values. */
export interface CatalogFacts extends Omit<Catalog, 'side' | 'script' | 'sequences' | 'activity'> {
  readonly sequenceShapes: readonly SequenceShape[]
}

/** One query after the other: a session runs one at a time. */
export async function readCatalog(reader: CatalogReader, pooled: boolean): Promise<CatalogFacts> {
  const me = await readMe(reader)
  const belt = await readBeltSchema(reader)
  const pglogical = await readPglogical(reader)
  const subscriptionOids = await readSubscriptionOids(reader)
  return {
    server: await readServer(reader, pooled),
    database: await readDatabase(reader),
    me,
    extensions: await readExtensions(reader),
    availableExtensions: await readAvailableExtensions(reader),
    roles: await readRoles(reader),
    predefinedRoles: await readPredefinedRoles(reader),
    schemas: await readSchemas(reader),
    tables: await readTables(reader),
    indexes: await readIndexes(reader),
    constraints: await readConstraints(reader),
    sequenceShapes: await readSequences(reader),
    triggers: await readTriggers(reader),
    eventTriggers: await readEventTriggers(reader),
    publications: await readPublications(reader),
    subscriptions: [
      ...(await readSubscriptions(reader)),
      ...(pglogical?.readable === true ? await readPglogicalSubscriptions(reader) : []),
    ],
    ...(subscriptionOids === undefined ? {} : { subscriptionOids }),
    slots: await readSlots(reader),
    origins: await readOrigins(reader, me),
    ...(pglogical === undefined ? {} : { pglogical }),
    largeObjects: await countLargeObjects(reader),
    materializedViews: await readMaterializedViews(reader),
    viewUses: await readViewUses(reader),
    records: belt.records,
    ...(belt.unreadable ? { recordsUnreadable: true } : {}),
    beltTables: belt.tables,
    ...(belt.states === undefined ? {} : { beltStates: belt.states }),
    beltReaders: belt.readers,
  }
}
