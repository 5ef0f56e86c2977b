import type { Operation, Phase } from '../../actions/base.js'

export const SIGNS: Readonly<Record<Operation, string>> = {
  create: '+',
  change: '~',
  drop: '-',
  run: '>',
  gate: '=',
  repair: '!',
}

export const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  restart: 'Restart: the earlier copy is taken away',
  access: 'Access',
  roles: 'Roles',
  schema: 'Schema, as far as the copy needs it',
  replication: 'Replication',
  copy: 'Initial copy',
  build: 'What is built once the rows are there',
  verify: 'Proof',
  'before pause': 'Before the pause: applications go on writing',
  pause: 'The pause: no application writes to either side',
  'after pause': 'After the pause: the other side serves',
  remove: 'What is taken away',
}

/** What the signs mean, for readers who see a plan for the first time. */
export const LEGEND = '+ create  ~ change  - drop  > run  = gate  ! repair'
