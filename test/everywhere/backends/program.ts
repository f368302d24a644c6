/** A program of docs/servers, started as a process of its own, which ends with its test. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { root } from '../../checks/command.ts'

export const servers = join(root, 'docs', 'servers')

/** The path of this command, also in `/usr/sbin`: Debian keeps servers there, where not every `PATH` looks. */
export function findCommand(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** Starts a program; it is stopped when the test is over, and waited for. */
export function startProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const written: string[] = []
  child.stderr.on('data', (chunk) => written.push(`${chunk}`))
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill()
    await ended
  })
  return { child, ended, written: () => written.join('') }
}

/** Starts a server that prints its port as its first line. `stop` tells it to end, and resolves when it has. */
export async function startServer(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { child, ended, written } = startProgram(command, args, { PORT: '0', ...env })
  const first = once(createInterface(child.stdout), 'line').then(([line]) => Number(line))
  const port = await Promise.race([first, ended.then(() => Number.NaN)])
  if (!(port > 0)) throw new Error(`${command} ${args.join(' ')} did not start: ${written()}`)
  const stop = async () => {
    child.kill()
    await ended
  }
  return { port, stop }
}

/** Compiles a Go program of docs/servers with the libraries that Debian's packages bring; no network is asked. */
export function compileGo(go: string, source: string, folder: string): string {
  const output = join(folder, source.replace(/\.go$/, ''))
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') }
  execFileSync(go, ['build', '-o', output, join(servers, source)], { env, cwd: dirname(output) })
  return output
}

/** A port that was free a moment ago, for servers that cannot say which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : Number.NaN
}
