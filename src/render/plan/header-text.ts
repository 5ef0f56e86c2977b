import type { Plan, ServerIdentity } from '../../plan/plan.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'

/** What moves from where to where. */
export function headerText(plan: Plan, style: Style): readonly string[] {
  return [
    `${style.bold(visible(plan.name))}  ${journeyText(plan)}  (engine ${plan.engine})`,
    `  source  ${databaseText(plan.source)}`,
    `  target  ${databaseText(plan.target)}`,
  ]
}

/** `replicating → cutover`, `at replicating`; a restart leads to where it begins and still deletes what was copied. */
export function journeyText({ from, to, actions }: Plan): string {
  const journey = from === to ? `at ${to}` : `${from} → ${to}`
  return actions.some((a) => a.id === 'truncate.target') ? `${journey}, everything copied anew` : journey
}

export function databaseText(server: ServerIdentity): string {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host
  return visible(`${server.database} on ${host}:${server.port}, Postgres ${server.version}`)
}
