/** What a page of a test runs, as one script: the library from its source, and what the test needs beside it. */
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The exports of the library and of these files, named from the root, as properties of the global `Live`. */
export function makePageScript(...files: readonly string[]): Promise<string> {
  const modules = ['holdfast', ...files.map((file) => `./${file}`)]
  return bundle({
    stdin: { contents: modules.map((name) => `export * from '${name}'`).join('\n'), resolveDir: root },
    globalName: 'Live',
  })
}

/** This file, named from the root, as it stands: what a worker begins with. */
export function makeWorkerScript(file: string): Promise<string> {
  return bundle({ entryPoints: [`${root}${file}`] })
}

async function bundle(options: BuildOptions): Promise<string> {
  const alias = { holdfast: `${root}src/index.ts` }
  const { outputFiles } = await build({ ...options, alias, bundle: true, format: 'iife', write: false })
  return outputFiles?.[0]?.text ?? ''
}
