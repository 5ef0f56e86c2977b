import fc from 'fast-check'

/** What must be green each time tries the same each time; chance has its place in the long tier. */
const SEED = 20_261_123

if (process.env['BELT_TEST_TIER'] !== 'long') fc.configureGlobal({ seed: SEED })

export { fc }
