import type { AlterTableCmd, AlterTableStmt, Constraint, ConstrType } from 'libpg-query'
import { objectKey } from '../../catalog/object-key.js'
import type { ConstraintType, QualifiedName } from '../../catalog/schema-script.js'
import { withoutHiddenOptions } from './attribute-options.js'
import { validateStatement } from './create-relation.js'
import { NotUnderstood, listOf, qualified, relationName, required } from './names.js'
import type { ObjectFacts, Part } from './part.js'
import { relationAddress } from './reference.js'
import type { Statement } from './statement.js'
import { uniqueIndexOf } from './unique-index.js'

/** ALTER TABLE in all its uses: some make objects of their own, the others belong to the relation's entry. */
export function alterTable(stmt: AlterTableStmt, statement: Statement): Part {
  const [command, ...more] = stmt.cmds ?? []
  if (command === undefined || more.length > 0 || !('AlterTableCmd' in command)) return { role: 'follows' }
  const table = relationName(stmt.relation)
  return alter(table, command.AlterTableCmd, statement, stmt.objtype === 'OBJECT_INDEX')
}

function alter(table: QualifiedName, command: AlterTableCmd, statement: Statement, isIndex: boolean): Part {
  const part = (kind: 'row security' | 'replica identity' | 'cluster on', name: string, more = {}): Part => ({
    role: 'beside',
    object: { key: objectKey(kind, table.schema, table.name), kind, schema: table.schema, name, table, ...more },
  })
  switch (command.subtype) {
    case 'AT_AddConstraint':
      return { role: 'creates', object: constraint(table, command, statement) }
    case 'AT_ColumnDefault':
      return { role: 'creates', object: ofColumn('default', table, command) }
    case 'AT_AddIdentity':
      return { role: 'creates', object: identity(table, command) }
    case 'AT_AttachPartition':
      return { role: 'beside', object: attach(table, command, isIndex) }
    case 'AT_EnableRowSecurity':
    case 'AT_ForceRowSecurity':
      return part('row security', table.name)
    case 'AT_ClusterOn':
      return part('cluster on', required(command.name, 'the index'))
    case 'AT_ReplicaIdentity':
      return replicaIdentity(command, part)
    case 'AT_EnableTrig':
      return enablement(table, command, 'enabled')
    case 'AT_DisableTrig':
      return enablement(table, command, 'disabled')
    case 'AT_EnableAlwaysTrig':
      return enablement(table, command, 'always')
    case 'AT_EnableReplicaTrig':
      return enablement(table, command, 'replica')
    case 'AT_SetOptions':
      return withoutHiddenOptions(command, statement)
    default:
      return { role: 'follows' }
  }
}

const CONSTRAINTS: Partial<Record<ConstrType, ConstraintType>> = {
  CONSTR_PRIMARY: 'primary key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclude',
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_NOTNULL: 'not null',
}

function constraint(table: QualifiedName, command: AlterTableCmd, statement: Statement): ObjectFacts {
  if (command.def === undefined || !('Constraint' in command.def)) throw new NotUnderstood('a constraint')
  const def = command.def.Constraint
  const name = required(def.conname, 'the name of the constraint')
  const type = required(def.contype === undefined ? undefined : CONSTRAINTS[def.contype], 'the type of constraint')
  const uniqueIndex = uniqueIndexOf(table, name, def)
  const hasIndex = type === 'primary key' || type === 'unique' || type === 'exclude'
  return {
    key: objectKey('constraint', table.schema, table.name, name),
    kind: 'constraint',
    schema: table.schema,
    name,
    table,
    constraint: {
      type,
      notValid: isNotValid(def),
      ...(def.pktable === undefined ? {} : { references: relationName(def.pktable) }),
    },
    ...(hasIndex
      ? {
          aliases: [relationAddress({ schema: table.schema, name })],
          ...(uniqueIndex === undefined ? {} : { uniqueIndex }),
        }
      : validity(table, name, def, statement)),
  }
}

/** Checks and foreign keys that are NOT ENFORCED (from 18) are never checked, so there is nothing to validate. */
function isChecked(def: Constraint): boolean {
  return def.contype === 'CONSTR_NOTNULL' || def.is_enforced === true
}

function isNotValid(def: Constraint): boolean {
  return def.skip_validation === true && isChecked(def)
}

function validity(
  table: QualifiedName,
  name: string,
  def: Constraint,
  statement: Statement,
): Pick<ObjectFacts, 'validate' | 'notValidVariant'> {
  if (!isChecked(def)) return {}
  const validate = validateStatement('TABLE', table.schema, table.name, name)
  const canBeDeferred = def.contype !== 'CONSTR_NOTNULL' && !isNotValid(def)
  return canBeDeferred ? { validate, notValidVariant: `${statement.text} NOT VALID` } : { validate }
}

function ofColumn(kind: 'default' | 'identity', table: QualifiedName, command: AlterTableCmd): ObjectFacts {
  const column = required(command.name, 'the column')
  return {
    key: objectKey(kind, table.schema, table.name, column),
    kind,
    schema: table.schema,
    name: column,
    table,
  }
}

function identity(table: QualifiedName, command: AlterTableCmd): ObjectFacts {
  const options = command.def !== undefined && 'Constraint' in command.def ? (command.def.Constraint.options ?? []) : []
  const named = options.find((node) => 'DefElem' in node && node.DefElem.defname === 'sequence_name')
  const sequence = named !== undefined && 'DefElem' in named ? qualified(listOf(named.DefElem.arg)) : undefined
  const facts = ofColumn('identity', table, command)
  return sequence === undefined ? facts : { ...facts, aliases: [relationAddress(sequence)] }
}

function attach(parent: QualifiedName, command: AlterTableCmd, isIndex: boolean): ObjectFacts {
  if (command.def === undefined || !('PartitionCmd' in command.def)) throw new NotUnderstood('a partition')
  const child = relationName(command.def.PartitionCmd.name)
  const kind = isIndex ? 'index attach' : 'table attach'
  const facts: ObjectFacts = { key: objectKey(kind, child.schema, child.name), kind, ...child, parent }
  // Which table an index belongs to is known when the whole dump is.
  return isIndex ? facts : { ...facts, table: child }
}

function replicaIdentity(
  command: AlterTableCmd,
  part: (kind: 'replica identity', name: string, more: Partial<ObjectFacts>) => Part,
): Part {
  const def = command.def
  if (def === undefined || !('ReplicaIdentityStmt' in def)) throw new NotUnderstood('a replica identity')
  const { identity_type, name } = def.ReplicaIdentityStmt
  switch (identity_type) {
    case 'f':
      return part('replica identity', 'full', { replicaIdentity: 'full' })
    case 'n':
      return part('replica identity', 'nothing', { replicaIdentity: 'nothing' })
    case 'i':
      return part('replica identity', required(name, 'the index'), { replicaIdentity: 'index' })
    default:
      throw new NotUnderstood(`the replica identity ${identity_type ?? ''}`)
  }
}

function enablement(table: QualifiedName, command: AlterTableCmd, how: NonNullable<ObjectFacts['enablement']>): Part {
  const name = required(command.name, 'the trigger')
  const key = objectKey('trigger enablement', table.schema, table.name, name)
  const object: ObjectFacts = { key, kind: 'trigger enablement', schema: table.schema, name, table, enablement: how }
  return { role: 'beside', object }
}
