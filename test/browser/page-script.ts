/** What a page of a test runs, as one script: the library from its source, and what the test needs beside it. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The exports of the library and of these files, named from the root, as properties of the global `Live`. */
export async function makePageScript(...files: readonly string[]): Promise<string> {
  const modules = ['holdfast', ...files.map((file) => `./${file}`)]
  const { outputFiles } = await build({
    stdin: { contents: modules.map((name) => `export * from '${name}'`).join('\n'), resolveDir: root },
    alias: { holdfast: `${root}src/index.ts` },
    bundle: true,
    format: 'iife',
    globalName: 'Live',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
