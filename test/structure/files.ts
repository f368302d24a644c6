/** Reads the tree for the tests of its structure, whose checks are pure functions over such a map. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Path from the root, with `/` → text. */
export type Files = ReadonlyMap<string, string>

const root = join(import.meta.dirname, '..', '..')

/** Every file that matches one of the patterns. */
export function readFiles(...patterns: readonly string[]): Files {
  const files = globSync(patterns, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return new Map(paths.map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]))
}
