/**
 * Which folder of src may import which: the way of the data is one straight line (ARCHITECTURE.md).
 * A folder that does not stand here may import nothing and be imported by nobody but itself.
 */
const MAY_IMPORT = {
  core: [],
  catalog: ['core'],
  spec: ['core'],
  actions: ['core', 'catalog', 'spec'],
  plan: ['core', 'catalog', 'spec', 'actions'],
  state: ['core', 'catalog', 'spec', 'actions', 'plan', 'postgres'],
  migration: ['core', 'catalog', 'spec', 'actions', 'plan', 'state'],
  engines: ['core', 'catalog', 'spec', 'actions', 'plan', 'state', 'migration'],
  planner: ['core', 'catalog', 'spec', 'actions', 'plan', 'state', 'migration', 'engines'],
  adopt: ['core', 'catalog', 'spec', 'actions', 'plan', 'state', 'migration', 'engines', 'planner'],
  pgbelt: ['core'],
  postgres: ['core', 'catalog', 'spec'],
  embedded: ['core'],
  inspect: ['core', 'catalog', 'spec', 'postgres'],
  verify: ['core', 'catalog', 'spec', 'actions', 'migration', 'postgres'],
  apply: ['core', 'catalog', 'spec', 'actions', 'plan', 'state', 'migration', 'postgres', 'inspect', 'verify'],
  render: [
    'core',
    'catalog',
    'spec',
    'actions',
    'plan',
    'state',
    'migration',
    'planner',
    'adopt',
    'pgbelt',
    'verify',
    'apply',
  ],
  demo: ['core', 'embedded', 'postgres'],
  cli: [
    ...['demo', 'pgbelt', 'adopt'],
    ...[
      'core',
      'catalog',
      'spec',
      'actions',
      'plan',
      'state',
      'migration',
      'engines',
      'planner',
      'postgres',
      'embedded',
    ],
    ...['inspect', 'verify', 'apply', 'render'],
  ],
}

/** They only compute: no node: module, no driver, and (a lint rule) no await. */
const PURE = ['core', 'catalog', 'actions', 'adopt', 'engines', 'migration', 'pgbelt', 'planner']

const folders = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: others.length === 0 ? `${folder} imports no other folder` : `${folder} imports only ${others.join(', ')}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...folders,
    {
      name: 'known-folder',
      comment: 'a new folder of src needs its place in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${Object.keys(MAY_IMPORT).join('|')})/` },
      to: {},
    },
    {
      name: 'state-store-only',
      comment: 'of state, only its Postgres store may use a connection',
      severity: 'error',
      from: { path: '^src/state/', pathNot: '^src/state/[^/]*postgres[^/]*\\.ts$' },
      to: { path: '^src/postgres/' },
    },
    {
      name: 'pure',
      comment: `${PURE.join(', ')} only compute`,
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'driver',
      comment: 'only src/postgres talks to the driver',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/postgres/' },
      to: { path: 'node_modules/(@types/)?pg(-|/)' },
    },
    {
      name: 'no-circle',
      comment: 'a folder or file cannot need itself',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'imports lead somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-dependency',
      comment: 'what is published works without devDependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-tests',
      comment: 'src does not need the tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
