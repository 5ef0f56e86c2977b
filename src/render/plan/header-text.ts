import type { Plan, ServerIdentity } from '../../plan/plan.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'

/** What moves from where to where. */
export function headerText(plan: Plan, style: Style): readonly string[] {
  const journey = plan.from === plan.to ? `at ${plan.to}` : `${plan.from} → ${plan.to}`
  return [
    `${style.bold(visible(plan.name))}  ${journey}  (engine ${plan.engine})`,
    `  source  ${databaseText(plan.source)}`,
    `  target  ${databaseText(plan.target)}`,
  ]
}

export function databaseText(server: ServerIdentity): string {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host
  return visible(`${server.database} on ${host}:${server.port}, Postgres ${server.version}`)
}
