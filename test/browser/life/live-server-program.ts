/** `node live-server-program.ts TICK` prints its URL and serves until it is killed. */
import { startLiveServer } from './live-server.ts'

const { url } = await startLiveServer({ tick: Number(process.argv[2]) })
console.log(url)
