/**
 * What an import costs: bundled from `dist` by esbuild, minified by terser, as by Rollup and webpack, compressed by gzip at level 9. Prints the sizes, fails over a
 * limit or where the table in README.md says something else. `npm run size -- --write` puts the measured table there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { minify } from 'terser'
import { root } from './command.ts'

interface Import {
  readonly name: string
  /** Bytes; 1 kB is 1000 of them. */
  readonly limit: number
  measure(): Promise<number>
}

const imports: readonly Import[] = [
  { name: '`{ createClient, webSocket }`', limit: 8_250, measure: () => bundle('createClient, webSocket') },
  { name: '`{ createClient, eventSource }`', limit: 8_195, measure: () => bundle('createClient, eventSource') },
  { name: '`{ createClient, fetchStream }`', limit: 10_520, measure: () => bundle('createClient, fetchStream') },
  {
    name: '`{ createClient, eventSource, withUpstream }`',
    limit: 9_800,
    measure: () => bundle('createClient, eventSource, withUpstream'),
  },
  {
    name: '`{ createClient, fetchStream, withUpstream }`',
    limit: 11_650,
    measure: () => bundle('createClient, fetchStream, withUpstream'),
  },
  {
    name: '`fallback`, on top of these',
    limit: 985,
    measure: () =>
      onTop('createClient, webSocket, fetchStream, withUpstream', "export { fallback } from './dist/index.js'"),
  },
  {
    name: '`holdfast/cross-tab`, on top of a client',
    limit: 3_000,
    measure: () => onTop('createClient, webSocket', "export { crossTab } from './dist/cross-tab.js'"),
  },
  {
    name: '`holdfast/store`, on top of a client',
    limit: 595,
    measure: () =>
      onTop('createClient, webSocket', "export { stateStore, latest, history, fold } from './dist/store.js'"),
  },
  { name: '`holdfast/sse`', limit: 3_370, measure: () => bundle('readEvents, EventStreamDecoder', 'sse') },
  { name: '`holdfast.global.js`, which has everything', limit: 18_070, measure: async () => zip(readGlobal()) },
]

const opening = '<!-- sizes -->'
const closing = '<!-- /sizes -->'
const readme = join(root, 'README.md')
const command = 'npm run size -- --write'

const measured = await Promise.all(imports.map(async (one) => ({ ...one, size: await one.measure() })))
for (const { name, size, limit } of measured) {
  console.log(`${bytes(size)} of ${bytes(limit)}  ${name}`)
  if (size > limit) fail(`${name} is ${size - limit} B over its limit`)
}
compareTable()

async function bundle(names: string, entry = 'index', besides = ''): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from './dist/${entry}.js'\n${besides}`, resolveDir: root },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  const { code } = await minify(outputFiles[0]?.text ?? '', { module: true })
  return zip(code ?? '')
}

/** What `besides` adds to these names. */
async function onTop(names: string, besides: string): Promise<number> {
  return (await bundle(names, 'index', besides)) - (await bundle(names))
}

function readGlobal(): Uint8Array {
  return readFileSync(join(root, 'dist', 'holdfast.global.js'))
}

function zip(contents: Uint8Array | string): number {
  return gzipSync(contents, { level: 9 }).length
}

function compareTable(): void {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : ''
  const from = text.indexOf(opening)
  const to = text.indexOf(closing)
  if (from === -1 || to < from) {
    fail(`README.md: write the lines ${opening} and ${closing} where the table of sizes belongs, then run: ${command}`)
    return
  }

  const updated = `${text.slice(0, from)}${opening}\n${formatTable()}\n${text.slice(to)}`
  if (updated === text) return

  if (process.argv.includes('--write')) writeFileSync(readme, updated)
  else fail(`README.md: the table of sizes is not what was measured; run: ${command}`)
}

/** With aligned columns, as the formatter has them. */
function formatTable(): string {
  const rows = measured.map(({ name, size }) => [name, `${(size / 1000).toFixed(1)} kB`] as const)
  const head = ['import', 'minified, gzip'] as const
  const wide = Math.max(...rows.map(([name]) => name.length))
  const line = ([name, size]: readonly [string, string]) => `| ${name.padEnd(wide)} | ${size.padEnd(head[1].length)} |`
  return [line(head), line(['-'.repeat(wide), '-'.repeat(head[1].length)]), ...rows.map(line)].join('\n')
}

function fail(line: string): void {
  console.log(line)
  process.exitCode = 1
}

function bytes(count: number): string {
  return `${count.toLocaleString('en-US').padStart(6)} B`
}
