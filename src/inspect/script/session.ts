import type { SelectStmt, VariableSetStmt } from 'libpg-query'
import { BeltError } from '../../core/error.js'
import { NotUnderstood } from './names.js'
import type { Part } from './part.js'

/** SET and RESET: pg_dump's own session settings, and two that change what the next statements mean. */
export function set(stmt: VariableSetStmt): Part {
  if (stmt.name === 'session_authorization') return { role: stmt.kind === 'VAR_RESET' ? 'after' : 'before' }
  const value = valueOf(stmt)
  if (stmt.name === 'default_table_access_method') return { role: 'access method', name: value }
  if (stmt.name === 'default_tablespace' && value !== '') {
    throw new BeltError('dump-options', `the dump puts objects into the tablespace ${value}`, {
      hint: 'pg_dump must run with --no-tablespaces.',
    })
  }
  if (stmt.name === 'standard_conforming_strings' && value !== 'on') {
    throw new BeltError('dump-options', 'the dump was made with standard_conforming_strings = off', {
      hint: 'pg_dump must run with standard_conforming_strings = on in its session (PGOPTIONS).',
    })
  }
  return { role: 'session' }
}

function valueOf(stmt: VariableSetStmt): string {
  const [value] = stmt.args ?? []
  return value !== undefined && 'A_Const' in value ? (value.A_Const.sval?.sval ?? '') : ''
}

/** SELECT pg_catalog.set_config('search_path', '', false) is the only query of a schema dump. */
export function select(stmt: SelectStmt): Part {
  const [target] = stmt.targetList ?? []
  const call = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
  const name = call !== undefined && 'FuncCall' in call ? call.FuncCall.funcname?.at(-1) : undefined
  if (name !== undefined && 'String' in name && name.String.sval === 'set_config') return { role: 'session' }
  throw new NotUnderstood('a query')
}
