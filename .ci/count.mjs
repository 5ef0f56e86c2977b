// Prints `N passed, N failed` from vitest's report. A file that could not even be loaded counts as one failed test;
// a run without tests or with skipped ones is no success.
import { readFileSync } from 'node:fs'

const text = readFileSync(process.argv[2], 'utf8')
const report = text === '' ? { testResults: [], success: false } : JSON.parse(text)

const of = (file, status) => file.assertionResults.filter((test) => test.status === status).length
const unloaded = report.testResults.filter((file) => file.status === 'failed' && of(file, 'failed') === 0)
const count = (status) => report.testResults.reduce((sum, file) => sum + of(file, status), 0)
const passed = count('passed')
const failed = count('failed') + unloaded.length
const skipped =
  report.testResults.reduce((sum, file) => sum + file.assertionResults.length, 0) - passed - count('failed')

for (const file of unloaded) console.error(`not loaded: ${file.name}`)
if (skipped > 0) console.error(`${skipped} tests were skipped`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(report.success && passed > 0 && failed === 0 && skipped === 0 ? 0 : 1)
