import type { Node } from 'libpg-query'
import { objectKey } from '../../catalog/object-key.js'
import { BeltError } from '../../core/error.js'
import { alterTable } from './alter-table.js'
import { createServer, createUserMapping } from './create-foreign.js'
import {
  addDomainConstraint,
  createDomain,
  createInDatabase,
  createInSchema,
  createType,
  define,
} from './create-named.js'
import {
  createForeignTable,
  createIndex,
  createMaterializedView,
  createPolicy,
  createRule,
  createSequence,
  createStatistics,
  createTable,
  createTrigger,
  createView,
} from './create-relation.js'
import {
  createCast,
  createFunction,
  createOperatorClass,
  createOperatorFamily,
  createTransform,
} from './create-routine.js'
import { NotUnderstood, listOf, qualified, relationName } from './names.js'
import type { Part } from './part.js'
import { defaultPrivileges, grant } from './privileges.js'
import { referenceOf } from './reference.js'
import { select, set } from './session.js'
import type { Statement } from './statement.js'

/** The part a statement plays. Throws NotUnderstood for what pg_dump is not known to write. */
export function classify(node: Node, statement: Statement): Part {
  return creates(node, statement) ?? alters(node, statement)
}

function creates(node: Node, statement: Statement): Part | undefined {
  if ('CreateStmt' in node) return createTable(node.CreateStmt, statement)
  if ('CreateForeignTableStmt' in node) return createForeignTable(node.CreateForeignTableStmt.base, statement)
  if ('ViewStmt' in node) return createView(node.ViewStmt)
  if ('CreateTableAsStmt' in node) return createMaterializedView(node.CreateTableAsStmt, statement)
  if ('CreateSeqStmt' in node) return createSequence(node.CreateSeqStmt)
  if ('IndexStmt' in node) return createIndex(node.IndexStmt, statement)
  if ('CreateStatsStmt' in node) return createStatistics(node.CreateStatsStmt)
  if ('RuleStmt' in node) return createRule(node.RuleStmt)
  if ('CreateTrigStmt' in node) return createTrigger(node.CreateTrigStmt)
  if ('CreatePolicyStmt' in node) return createPolicy(node.CreatePolicyStmt)
  if ('CreateFunctionStmt' in node) return createFunction(node.CreateFunctionStmt, statement)
  if ('DefineStmt' in node) return define(node.DefineStmt, statement)
  if ('CreateCastStmt' in node) return createCast(node.CreateCastStmt, statement)
  if ('CreateTransformStmt' in node) return createTransform(node.CreateTransformStmt, statement)
  if ('CreateOpClassStmt' in node) return createOperatorClass(node.CreateOpClassStmt)
  if ('CreateOpFamilyStmt' in node) return createOperatorFamily(node.CreateOpFamilyStmt)
  if ('CreateConversionStmt' in node) return createInSchema('conversion', node.CreateConversionStmt.conversion_name)
  if ('CompositeTypeStmt' in node) return createType(relationName(node.CompositeTypeStmt.typevar))
  if ('CreateEnumStmt' in node) return createType(qualified(node.CreateEnumStmt.typeName))
  if ('CreateRangeStmt' in node) return createType(qualified(node.CreateRangeStmt.typeName))
  if ('CreateDomainStmt' in node) return createDomain(node.CreateDomainStmt.domainname)
  if ('CreateSchemaStmt' in node) return createInDatabase('schema', node.CreateSchemaStmt.schemaname)
  if ('CreateExtensionStmt' in node) return createInDatabase('extension', node.CreateExtensionStmt.extname)
  if ('CreatePLangStmt' in node) return createInDatabase('language', node.CreatePLangStmt.plname)
  if ('CreateAmStmt' in node) return createInDatabase('access method', node.CreateAmStmt.amname)
  if ('CreateEventTrigStmt' in node) return createInDatabase('event trigger', node.CreateEventTrigStmt.trigname)
  if ('CreateFdwStmt' in node) return createInDatabase('foreign data wrapper', node.CreateFdwStmt.fdwname)
  if ('CreateForeignServerStmt' in node) return createServer(node.CreateForeignServerStmt, statement)
  if ('CreateUserMappingStmt' in node) return createUserMapping(node.CreateUserMappingStmt, statement)
  return undefined
}

function alters(node: Node, statement: Statement): Part {
  if ('AlterTableStmt' in node) return alterTable(node.AlterTableStmt, statement)
  if ('CommentStmt' in node) {
    const { objtype, object } = node.CommentStmt
    return { role: 'about', kind: 'comment', of: referenceOf(objtype, object, statement) }
  }
  if ('SecLabelStmt' in node) {
    const { objtype, object, provider } = node.SecLabelStmt
    const of = referenceOf(objtype, object, statement)
    return { role: 'about', kind: 'security label', of, ...(provider === undefined ? {} : { by: provider }) }
  }
  if ('GrantStmt' in node) return grant(node.GrantStmt, statement)
  if ('AlterDefaultPrivilegesStmt' in node) return defaultPrivileges(node.AlterDefaultPrivilegesStmt)
  if ('AlterSeqStmt' in node) return alterSequence(node.AlterSeqStmt)
  if ('AlterDomainStmt' in node) return addDomainConstraint(node.AlterDomainStmt)
  if ('AlterOwnerStmt' in node) {
    const { objectType, object, relation } = node.AlterOwnerStmt
    const named: Node | undefined = relation === undefined ? object : { RangeVar: relation }
    // Only what initdb made (the schema public) is altered without having been created.
    return objectType === 'OBJECT_SCHEMA'
      ? { role: 'follows', alone: referenceOf(objectType, named, statement) }
      : { role: 'follows' }
  }
  if ('AlterEventTrigStmt' in node || 'AlterOpFamilyStmt' in node || 'AlterStatsStmt' in node)
    return { role: 'follows' }
  if ('AlterTSConfigurationStmt' in node || 'AlterTypeStmt' in node) return { role: 'follows' }
  if ('VariableSetStmt' in node) return set(node.VariableSetStmt)
  if ('SelectStmt' in node) return select(node.SelectStmt)
  return refuse(node)
}

function alterSequence(stmt: Extract<Node, { AlterSeqStmt: unknown }>['AlterSeqStmt']): Part {
  const owned = (stmt.options ?? []).find((node) => 'DefElem' in node && node.DefElem.defname === 'owned_by')
  if (owned === undefined || !('DefElem' in owned)) return { role: 'follows' }
  const [schema, table] = listOf(owned.DefElem.arg).flatMap((node) =>
    'String' in node ? [node.String.sval ?? ''] : [],
  )
  if (schema === undefined || table === undefined) throw new NotUnderstood('the owner of a sequence')
  const at = relationName(stmt.sequence)
  const key = objectKey('sequence owner', at.schema, at.name)
  return { role: 'creates', object: { key, kind: 'sequence owner', ...at, table: { schema, name: table } } }
}

/** Statements that say pg_dump ran with other options than belt's; the statement itself may hold a password. */
function refuse(node: Node): never {
  const what = Object.keys(node)[0] ?? 'nothing'
  if ('CreateSubscriptionStmt' in node || 'CreatePublicationStmt' in node || 'AlterPublicationStmt' in node) {
    throw new BeltError('dump-options', 'the dump holds publications or subscriptions', {
      hint: 'pg_dump must run with --no-publications and --no-subscriptions.',
    })
  }
  throw new NotUnderstood(`no rule for ${what}`)
}
