/** A server in a process of its own, so that it can be stopped in the middle of a connection as a dead machine stops. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'

const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
const program = fileURLToPath(new URL('./live-server-program.ts', import.meta.url))

export interface ServerProcess {
  readonly url: string
  /** From now on it answers nothing and closes nothing: its kernel still takes what is sent to it. */
  stop(): void
}

/** Its links hear `tick` so often, in milliseconds. It ends with its test, stopped or not. */
export async function startServerProcess(test: TestContext, tick: number): Promise<ServerProcess> {
  const child = spawn(node, [program, `${tick}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  test.onTestFinished(async () => {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    await ended
  })

  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  return { url: `${line}`.trim(), stop: () => child.kill('SIGSTOP') }
}
