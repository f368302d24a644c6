/** `npm run test:nightly`: the properties of the model, of hostile streams and of tabs that come and go, ten thousand runs of each. */
import { runNode } from '../checks/command.ts'

const { HOLDFAST_MODEL_RUNS = '10000' } = process.env
const tests = ['test/model', 'test/sse/hostile.test.ts', 'test/cross-tab/random.test.ts']
const arguments_ = ['node_modules/.bin/vitest', 'run', '--project', 'unit', ...tests, '--disable-console-intercept']
const { ok } = await runNode(arguments_, { env: { HOLDFAST_MODEL_RUNS }, live: true })
process.exitCode = ok ? 0 : 1
