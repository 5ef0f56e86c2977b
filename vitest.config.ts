import { defineConfig } from 'vitest/config'

/** `vitest run` is the suite; `vitest run --mode long` runs the `*.long.test.ts` files only. */
export default defineConfig(({ mode }) => {
  const long = mode === 'long'
  // Projects extend nothing: the global setup would run again for each of them.
  const project = (name: string, seconds: number, more: { readonly isolate?: boolean } = {}) => ({
    test: {
      pool: 'forks' as const,
      name,
      include: [`test/${name}/**/*${long ? '.long' : ''}.test.ts`],
      exclude: long ? [] : ['**/*.long.test.ts'],
      // No test proves by these that anything is quick: they only end one that hangs, on the slowest machine.
      testTimeout: seconds * (long ? 10_000 : 1000),
      hookTimeout: seconds * (long ? 10_000 : 1000),
      env: { BELT_TEST_TIER: long ? 'long' : 'default' },
      expect: { poll: { timeout: 60_000 } },
      ...more,
    },
  })
  return {
    test: {
      maxWorkers: 2,
      globalSetup: ['test/support/global-setup.ts'],
      allowOnly: false,
      projects: [
        // Nothing in src has state in a module, so the files of one worker may share what they import.
        project('unit', 60, { isolate: false }),
        project('golden', 300, { isolate: false }),
        project('imports', 180),
        project('postgres', 300),
        project('e2e', 600),
      ],
    },
  }
})
