import type {
  CreateCastStmt,
  CreateFunctionStmt,
  CreateOpClassStmt,
  CreateOpFamilyStmt,
  CreateTransformStmt,
  DefineStmt,
  Node,
} from 'libpg-query'
import { textKey } from '../../catalog/object-key.js'
import type { ObjectKind } from '../../catalog/object-key.js'
import { quoteQualified } from '../../core/quote.js'
import { listOf, qualified, required } from './names.js'
import type { Part } from './part.js'
import { accessMethodKey, castKey, operatorKey, routineAddress, transformKey } from './reference.js'
import { signatureOf, typeReader } from './signature.js'
import type { Statement } from './statement.js'

export function createFunction(create: CreateFunctionStmt, statement: Statement): Part {
  const kind = create.is_procedure === true ? 'procedure' : 'function'
  return routine(kind, create.funcname, signatureOf(statement, create.parameters ?? []))
}

export function createAggregate(define: DefineStmt, statement: Statement): Part {
  const [parameters] = define.args ?? []
  // An empty node stands for the star of `count(*)`.
  const isStar = parameters === undefined || !('List' in parameters)
  return routine('aggregate', define.defnames, isStar ? '(*)' : signatureOf(statement, listOf(parameters)))
}

function routine(kind: ObjectKind, names: readonly Node[] | undefined, signature: string): Part {
  const at = qualified(names)
  const key = textKey(kind, `${quoteQualified(at.schema, at.name)}${signature}`)
  // COMMENT says `rows(*)`, GRANT says `rows()`.
  const aliases = [routineAddress(at, signature === '(*)' ? '()' : signature)]
  return { role: 'creates', object: { key, kind, ...at, aliases } }
}

export function createOperator(define: DefineStmt, statement: Statement): Part {
  const at = qualified(define.defnames)
  const read = typeReader(statement)
  const side = (name: string): string => {
    const found = (define.definition ?? []).find((node) => 'DefElem' in node && node.DefElem.defname === name)
    const arg = found !== undefined && 'DefElem' in found ? found.DefElem.arg : undefined
    return read(arg !== undefined && 'TypeName' in arg ? arg.TypeName : undefined)
  }
  const key = operatorKey(at, `(${side('leftarg')}, ${side('rightarg')})`)
  return { role: 'creates', object: { key, kind: 'operator', ...at } }
}

export function createOperatorClass(create: CreateOpClassStmt): Part {
  const at = qualified(create.opclassname)
  const key = accessMethodKey('operator class', at, required(create.amname, 'the access method'))
  return { role: 'creates', object: { key, kind: 'operator class', ...at } }
}

export function createOperatorFamily(create: CreateOpFamilyStmt): Part {
  const at = qualified(create.opfamilyname)
  const key = accessMethodKey('operator family', at, required(create.amname, 'the access method'))
  return { role: 'creates', object: { key, kind: 'operator family', ...at } }
}

export function createCast(create: CreateCastStmt, statement: Statement): Part {
  const read = typeReader(statement)
  const key = castKey(read(create.sourcetype), read(create.targettype))
  return { role: 'creates', object: { key, kind: 'cast', name: key.slice('cast '.length) } }
}

export function createTransform(create: CreateTransformStmt, statement: Statement): Part {
  const key = transformKey(typeReader(statement)(create.type_name), required(create.lang, 'the language'))
  return { role: 'creates', object: { key, kind: 'transform', name: key.slice('transform '.length) } }
}
