/** npm as a user calls it: without the settings that an outer `npm test` or vitest hands down in the environment. */
import { execFile } from 'node:child_process'
import { globSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')
const inherited = /^(npm_|VITEST|NODE_(ENV|OPTIONS)$|(TEST|DEV|PROD|MODE|SSR|BASE_URL)$)/i
const execute = promisify(execFile)

export async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  await execute('npm', args, { cwd, env: userEnvironment() })
}

export function userEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)))
}

/** Packs the package as `npm publish` would, into a folder that is emptied before. Returns the path of the tarball. */
export async function packInto(folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await npm(root, 'pack', '--pack-destination', folder)
  const [tarball] = globSync('*.tgz', { cwd: folder })
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  return join(folder, tarball)
}
