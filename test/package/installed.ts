/** Packs the package as `npm publish` would and installs it in an empty folder, far from the checkout's node_modules. */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { npm, packInto } from './npm.ts'

const root = join(import.meta.dirname, '..', '..')
const packedFolder = join(root, '.tmp', 'package')
const deadline = 30_000
const execute = promisify(execFile)

export interface Manifest {
  readonly version: string
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly types: string
  readonly unpkg: string
  readonly jsdelivr: string
  readonly [field: string]: unknown
}

export interface Installed {
  /** The folder of the application that has it installed. */
  readonly app: string
  /** The folder that the package was unpacked into. */
  readonly folder: string
  readonly manifest: Manifest
  /** Every packed file, relative to `folder`, sorted. */
  readonly files: readonly string[]
  remove(): void
}

export async function installPacked(): Promise<Installed> {
  const tarball = await packInto(packedFolder)

  const app = mkdtempSync(join(tmpdir(), 'holdfast-package-'))
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await npm(app, 'install', '--offline', '--no-audit', '--no-fund', tarball)
  cpSync(join(import.meta.dirname, 'probes'), join(app, 'probes'), { recursive: true })

  const folder = join(app, 'node_modules', 'holdfast')
  const found = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  return {
    app,
    folder,
    manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    files: found.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort(),
    remove: () => rmSync(app, { recursive: true, force: true }),
  }
}

/** The Node of the checkout, and the machine's own where it has another. */
export function findNodes(): readonly string[] {
  const candidates = searchPath().map((folder) => join(folder, 'node'))
  const machine = candidates.find((path) => existsSync(path))
  return [process.execPath, ...(machine === undefined || machine === process.execPath ? [] : [machine])]
}

/** Runs one of the probes and returns all that it printed. Rejects if it fails, or does not end by itself. */
export async function runProbe(node: string, app: string, probe: string, entry: string): Promise<string> {
  const flags = probe === 'bare' ? ['--experimental-vm-modules', '--no-warnings'] : []
  const args = [...flags, join(app, 'probes', `${probe}.mjs`), entry]
  const { stdout, stderr } = await execute(node, args, { cwd: app, env: {}, timeout: deadline })
  return stdout + stderr
}

function searchPath(): readonly string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
}
