/** Runs one command line under this very Node, in a process group of its own, so that whatever it started ends with it. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** Milliseconds that a command may take, and that it then has to end by itself before it is killed. */
const timeLimit = 600_000
const graceTime = 10_000
const running = new Set<ChildProcess>()

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Writes straight to this terminal instead of into `output`. @default false */
  readonly live?: boolean | undefined
}

export interface Finished {
  readonly ok: boolean
  /** Both streams, in the order in which they arrived. */
  readonly output: string
}

/** Runs `node ...args` from the root, without stdin. Never rejects: what cannot start is a failure with its reason as output. */
export function runNode(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const stream = options.live ? 'inherit' : 'pipe'
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', stream, stream],
    detached: true,
  })
  running.add(child)

  let output = ''
  const collect = (chunk: string) => {
    output += chunk
  }
  child.stdout?.setEncoding('utf8').on('data', collect)
  child.stderr?.setEncoding('utf8').on('data', collect)

  const limit = setTimeout(() => {
    collect(`\nstopped: it took longer than ${timeLimit / 1000} s\n`)
    end(child)
  }, timeLimit)

  return new Promise((resolve) => {
    const finish = (ok: boolean) => {
      clearTimeout(limit)
      running.delete(child)
      resolve({ ok, output })
    }
    child.once('error', (error) => {
      collect(`${error.message}\n`)
      finish(false)
    })
    child.once('close', (code) => finish(code === 0))
  })
}

/** Ends every command that still runs, for an interrupted run. */
export function endCommands(): void {
  for (const child of running) end(child)
}

function end(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM')
  const grace = setTimeout(() => signalGroup(child, 'SIGKILL'), graceTime)
  child.once('close', () => clearTimeout(grace))
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return

  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
