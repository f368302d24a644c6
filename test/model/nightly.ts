/**
 * `npm run test:nightly`: the properties of the model, of hostile streams and of tabs that come and go, ten thousand runs of each. Ends
 * with the line `N passed, N failed`.
 */
import { vitestCheck } from '../checks/check.ts'

const tests = ['test/model', 'test/sse/hostile.test.ts', 'test/cross-tab/random.test.ts']
process.env.HOLDFAST_MODEL_RUNS ??= '10000'

const { passed, failed } = await vitestCheck('unit', 2, [...tests, '--disable-console-intercept']).run()
for (const line of failed) console.log(line)
console.log(`${passed} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
