import { SHOP_ROLES } from './shop.js'

/** Environment variables the demo's spec takes its passwords from. */
export const DEMO_PASSWORDS = {
  source: 'SOURCE_ADMIN_PASSWORD',
  target: 'TARGET_ADMIN_PASSWORD',
  replication: 'BELT_REPLICATION_PASSWORD',
} as const

export interface DemoServer {
  readonly port: number
  readonly user: string
}

/** The stages that the demo goes through. */
export type DemoStage = 'replicating' | 'cutover' | 'rolled-back'

/** The spec a user would write for the two servers. */
export function demoSpec(source: DemoServer, target: DemoServer, stage: DemoStage): string {
  const side = (server: DemoServer, password: string): string =>
    [
      '  host: 127.0.0.1',
      `  port: ${String(server.port)}`,
      '  database: shop',
      '  tls: prefer',
      `  admin: { user: ${server.user}, password: { env: ${password} } }`,
    ].join('\n')
  return `version: 1
name: shop
stage: ${stage}
source:
${side(source, DEMO_PASSWORDS.source)}
target:
${side(target, DEMO_PASSWORDS.target)}
scope:
  schemas: [public, billing]
roles:
  replication: { name: belt_replication, password: { env: ${DEMO_PASSWORDS.replication} } }
  copy: [${SHOP_ROLES.join(', ')}]
${approvals(stage)}`
}

/** What a user adds before a handover: who has judged that the applications may be kept out, and until when. */
function approvals(stage: DemoStage): string {
  if (stage === 'replicating') return ''
  const [from, to] = stage === 'cutover' ? ['source', 'target'] : ['target', 'source']
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
  return `approve:
  - { hazard: write-pause, action: fence.${from}, reason: "just a demo", until: ${until} }
  - { hazard: point-of-no-return, action: no-return.${to}, reason: "just a demo", until: ${until} }
`
}
