import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Side } from '../../core/side.js'

export function extensionId(side: Side): ActionId {
  return actionId('pglogical', side)
}

export function usageId(side: Side): ActionId {
  return actionId('grants', side, 'pglogical')
}

export function nodeId(side: Side): ActionId {
  return actionId('node', side)
}

export function setId(publisher: Side, { key }: { readonly key: string }): ActionId {
  return actionId('set', publisher, ...(key === '' ? [] : [key]))
}

export function setTablesId(publisher: Side, { key }: { readonly key: string }): ActionId {
  return actionId('set-tables', publisher, ...(key === '' ? [] : [key]))
}
