import type { Blocker } from '../postgres/blockers.js'
import { describeBlocker } from '../postgres/blockers.js'
import type { OpenWriter } from '../postgres/open-writers.js'
import type { Orphan } from '../postgres/orphans.js'
import type { Waiter } from './apply-event.js'

export function waiterOfBlocker(b: Blocker): Waiter {
  return {
    pid: b.pid,
    user: b.user,
    application: b.applicationName,
    state: b.state,
    ageMs: b.transactionAgeMs ?? b.queryAgeMs,
    text: describeBlocker(b),
  }
}

export function waiterOfWriter(w: OpenWriter): Waiter {
  const age = w.ageMs === null ? '' : ` for ${Math.round(w.ageMs / 1000)} s`
  const where = w.database === null ? '' : `, database ${w.database}`
  const user = w.user === null ? '' : `, user ${w.user}`
  const text =
    w.preparedAs === null
      ? `${w.applicationName ?? 'a session'} (process ${w.pid ?? 'unknown'}, write transaction open${age}${user}${where})`
      : `prepared transaction ${w.preparedAs} (open${age}${user}${where})`
  return { pid: w.pid ?? 0, user: w.user, application: w.applicationName, state: w.state, ageMs: w.ageMs, text }
}

export function waiterOfOrphan(o: Orphan): Waiter {
  const build = o.indexBuild
  const progress =
    build === null
      ? ''
      : `, ${build.command} ${build.index ?? ''}: ${build.phase} ${build.blocksDone}/${build.blocksTotal} blocks`
  const text = `${o.applicationName} (process ${o.pid}, ${o.state ?? 'state unknown'}${progress})`
  return { pid: o.pid, user: o.user, application: o.applicationName, state: o.state, ageMs: o.queryAgeMs, text }
}
