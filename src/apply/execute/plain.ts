import type { Action } from '../../actions/action.js'
import type { Session } from '../../postgres/session.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'
import { hush } from '../hush.js'
import { claimsOf } from '../lane.js'
import { runSql } from '../run-sql.js'

/** An action that is nothing but its SQL. */
export async function executePlain(action: Action, context: ExecuteContext): Promise<Evidence> {
  const run = (session: Session): Promise<Evidence> =>
    runSql({ action, session, statements: () => action.sql, completes: true }, context)
  // Verifiers too: whoever has one can try passwords against it.
  if (action.secrets.length > 0)
    return context.withSession(action.side, (own) => executeHushed(action, context, own, run))
  // What runs beside others needs a session of its own.
  return claimsOf(action) === undefined ? run(context.work[action.side]) : context.withSession(action.side, run)
}

async function executeHushed(
  action: Action,
  context: ExecuteContext,
  session: Session,
  run: (session: Session) => Promise<Evidence>,
): Promise<Evidence> {
  const loud = await hush(session, action.sql)
  if (loud.length > 0) {
    const message = `${action.id}: the ${action.side}'s log or statistics may keep this statement with its secret (${loud.join(', ')}), and only a superuser could prevent it`
    context.emit({ type: 'notice', message })
  }
  return run(session)
}
