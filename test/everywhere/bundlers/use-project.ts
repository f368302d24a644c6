/** An empty project of a user's, with the tools of `projects/<name>` and the packed package installed, for one test file. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest'
import { npm, userEnvironment } from '../../package/npm.ts'

const execute = promisify(execFile)
const deadline = 150_000

export interface Project {
  readonly folder: string
  /** Reads a file of the project. */
  read(...path: readonly string[]): string
  /** Runs a program that the project has installed, or one with an absolute path, and returns all that it printed. Rejects with that if it fails, or does not end by itself. */
  run(program: string, ...args: readonly string[]): Promise<string>
  /** Starts one that goes on until the test ends, and returns the first address that it prints. */
  serve(program: string, ...args: readonly string[]): Promise<string>
}

/**
 * The versions are those of the project's lockfile, so that every run has the same. `sources` are the folders that are copied into it:
 * unless told otherwise `projects/<name>`, and `pages/` for the tools that build pages.
 */
export function useProject(name: string, sources = sourcesOf(name)): () => Project {
  let project: Project | undefined

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), `holdfast-${name}-`))
    project = openProject(folder)
    for (const source of sources) cpSync(source, folder, { recursive: true })
    await npm(folder, 'ci', '--no-audit', '--no-fund')
    await npm(folder, 'install', '--no-save', '--offline', '--no-audit', '--no-fund', inject('tarball'))
  })
  afterAll(() => {
    // A server that was told to end may still be writing into its folder.
    if (project) rmSync(project.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })

  return () => {
    if (!project) throw new Error('There is a project only while tests run.')
    return project
  }
}

function sourcesOf(name: string): readonly string[] {
  return ['pages', join('projects', name)].map((source) => join(import.meta.dirname, source))
}

function openProject(folder: string): Project {
  const env = { ...userEnvironment(), NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' }
  const pathOf = (program: string) => resolve(folder, 'node_modules', '.bin', program)

  return {
    folder,
    read: (...path) => readFileSync(join(folder, ...path), 'utf8'),
    async run(program, ...args) {
      const { stdout, stderr } = await execute(pathOf(program), args, { cwd: folder, env, timeout: deadline }).catch(
        (error: Error & { stdout?: string; stderr?: string }) => {
          throw new Error(`${error.message}\n${error.stdout}${error.stderr}`)
        },
      )
      return stdout + stderr
    },
    async serve(program, ...args) {
      const child = spawn(pathOf(program), args, { cwd: folder, env, detached: true })
      const ended = new Promise((end) => child.once('close', end))
      onTestFinished(async () => {
        endGroup(child)
        await ended
      })
      return firstAddress(child, program)
    },
  }
}

function firstAddress(child: ChildProcess, program: string): Promise<string> {
  return new Promise((found, reject) => {
    let printed = ''
    const collect = (chunk: Buffer) => {
      printed += chunk
      const [address] = /http:\/\/[\w.-]+:\d+\/?/.exec(printed) ?? []
      if (address !== undefined) found(address)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`${program} ended with code ${code}:\n${printed}`)))
  })
}

/** Ends it with all that it has started: a tool may run its server in a process of its own. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return

  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
