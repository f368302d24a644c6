/**
 * `npm run release`: checks that the commit may be released, runs `npm test`, packs, and publishes just that tarball with a proof of
 * where it was built. `npm run release -- --dry-run` does the same but publishes nothing, and goes on where a release would stop.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../checks/command.ts'
import { findBlockers } from './blockers.ts'

const unknown = process.argv.slice(2).filter((argument) => argument !== '--dry-run')
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there is --dry-run.`)

const isDryRun = process.argv.includes('--dry-run')
const blockers = findBlockers({
  changes: git('status', '--porcelain'),
  tags: git('tag', '--points-at', 'HEAD').split('\n'),
  changesets: readdirSync(join(root, '.changeset')),
  changelog: read('CHANGELOG.md'),
  manifest: JSON.parse(read('package.json')),
  lockedVersion: JSON.parse(read('package-lock.json')).version,
})
for (const blocker of blockers) console.error(blocker)
if (blockers.length > 0) process.exitCode = 1

if (blockers.length === 0 || isDryRun) {
  run('npm', 'test')
  publish()
}

function publish(): void {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-release-'))
  try {
    run('npm', 'pack', '--pack-destination', folder)
    const [tarball = ''] = readdirSync(folder)
    run(
      'npm',
      'publish',
      join(folder, tarball),
      '--provenance',
      '--access',
      'public',
      ...(isDryRun ? ['--dry-run'] : []),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Shows what it prints, and throws if it fails. */
function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' })
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
