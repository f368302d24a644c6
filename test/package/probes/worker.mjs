// The same as import.mjs, in a worker thread. An error there ends this process with a code other than 0.
import { Worker } from 'node:worker_threads'

new Worker(new URL('./import.mjs', import.meta.url), { argv: process.argv.slice(2) })
