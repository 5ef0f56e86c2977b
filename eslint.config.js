import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const EXPORTS = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportAllDeclaration', message: 'Import from the file that defines it: no barrels.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
]
const GARBAGE = [
  {
    selector: 'CallExpression > MemberExpression[object.name="AbortSignal"][property.name="timeout"]',
    message:
      'Inside AbortSignal.any it is collected as garbage and never fires (Node 20): use src/postgres/deadline.ts.',
  },
]
const STATE = ['', 'ExportNamedDeclaration > '].map((place) => ({
  selector: `Program > ${place}VariableDeclaration[kind!="const"]`,
  message: 'No mutable state in a module: two migrations may run in one process.',
}))

/** Folders whose code only computes: the same input gives the same plan, byte for byte. */
const PURE = ['core', 'catalog', 'actions', 'adopt', 'engines', 'migration', 'pgbelt', 'planner']
const WAITING = [
  { selector: 'AwaitExpression', message: 'This folder is pure: nothing here waits.' },
  { selector: ':function[async=true]', message: 'This folder is pure: nothing here waits.' },
]
const CLOCK_AND_CHANCE = [
  { object: 'Date', property: 'now', message: 'This folder is pure: pass the time in.' },
  { object: 'Math', property: 'random', message: 'This folder is pure: the same input gives the same plan.' },
  { object: 'process', property: 'env', message: 'Only src/cli reads the environment.' },
  { object: 'process', property: 'exit', message: 'Only src/cli ends the process.' },
]

export default defineConfig(
  { ignores: ['dist/', '.dist-test-*/', 'coverage/'] },
  {
    files: ['**/*.ts', 'src/**/*.js'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      // A default is for the unions of libraries, with hundreds of members; belt's own switches have none.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // A rejected promise that is handled by its caller reads better without a block.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Names of databases are code points; nobody counts the characters that a reader sees.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      'no-restricted-syntax': ['error', ...EXPORTS],
      'no-restricted-globals': ['error', { name: '__dirname', message: 'Use import.meta.dirname.' }],
      'max-lines': ['error', { max: 300 }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.{ts,js}'],
    ignores: ['src/cli/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only src/cli ends the process.' },
        { object: 'process', property: 'env', message: 'Only src/cli reads the environment.' },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,js}'],
    rules: {
      'no-restricted-syntax': ['error', ...EXPORTS, ...STATE, ...GARBAGE],
    },
  },
  {
    files: PURE.map((folder) => `src/${folder}/**/*.{ts,js}`),
    rules: {
      'no-restricted-syntax': ['error', ...EXPORTS, ...STATE, ...GARBAGE, ...WAITING],
      'no-restricted-properties': ['error', ...CLOCK_AND_CHANCE],
    },
  },
  {
    // Vitest's asymmetric matchers (expect.stringContaining and its like) are typed `any`.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    ignores: ['test/support/properties.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'fast-check', message: 'From test/support/properties.js, whose seed is fixed in the default tier.' },
      ],
    },
  },
  {
    // Declarations of a library's classes describe what is there.
    files: ['**/*.d.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    // Vitest and ESLint take their configuration from a default export.
    files: ['*.config.ts', 'test/support/global-setup.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
)
