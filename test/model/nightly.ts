/** `npm run test:nightly`: the properties of the model, ten thousand runs of each. */
import { runNode } from '../checks/command.ts'

const { HOLDFAST_MODEL_RUNS = '10000' } = process.env
const arguments_ = ['node_modules/.bin/vitest', 'run', '--project', 'unit', 'test/model', '--disable-console-intercept']
const { ok } = await runNode(arguments_, { env: { HOLDFAST_MODEL_RUNS }, live: true })
process.exitCode = ok ? 0 : 1
