import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Installed } from './installed.ts'
import { findNodes, installPacked, runProbe } from './installed.ts'

const streamMarkers = ['text/event-stream', 'EventSource', 'Last-Event-ID', 'Last-Event-Id']

const notice = /\/\*! eventsource-parser, [^\n]{1,70} \*\//

let installed: Installed
beforeAll(async () => {
  installed = await installPacked()
})
afterAll(() => installed?.remove())

test('[PK4] the package has no dependency, and no script that an installation runs', () => {
  const { dependencies, peerDependencies, optionalDependencies, bundleDependencies } = installed.manifest
  const scripts = Object.keys(installed.manifest.scripts ?? {})

  expect({ dependencies, peerDependencies, optionalDependencies, bundleDependencies }).toEqual({})
  expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([])
})

test('[PK4] every file that the manifest names is packed', () => {
  const { exports, types, unpkg, jsdelivr } = installed.manifest
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  )

  expect(targets.length).toBeGreaterThan(2)
  expect(installed.files).toEqual(expect.arrayContaining([...targets, types, unpkg, jsdelivr].map(withoutDot)))
})

test('[PK4] nothing is packed but what was built, and what one reads', () => {
  const others = installed.files.filter(
    (path) => !/^dist\/([\w.-]+\.(js|d\.ts|js\.map)|holdfast\.global\.js\.sri)$/.test(path),
  )

  expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.txt', 'package.json'])
})

test('[PK4] no packed file imports another package', () => {
  const code = installed.files.filter((path) => /\.(js|d\.ts)$/.test(path))
  const imports = code.flatMap((path) => ts.preProcessFile(read(path), true, true).importedFiles)

  expect(imports.length).toBeGreaterThan(0)
  expect(imports.map(({ fileName }) => fileName).filter((name) => !name.startsWith('./'))).toEqual([])
})

test('[PK4] the licence of every package that is bundled is packed, word by word', () => {
  const bundled = new Set(builtFiles().flatMap(packagesIn))

  expect([...bundled]).toEqual(['eventsource-parser'])
  for (const name of bundled) {
    expect(read('THIRD-PARTY-LICENSES.txt')).toContain(readFileSync(join('node_modules', name, 'LICENSE'), 'utf8'))
  }
})

test('[PK4] a built file with another package in it says so in one line, and no other file does', () => {
  const withParser = builtFiles().filter((path) => packagesIn(path).length > 0)

  expect(withParser).toHaveLength(2)
  expect(builtFiles().filter((path) => notice.test(read(path)))).toEqual(withParser)
})

test('[PK4] whoever bundles the parser keeps one short line of its notice, and whoever does not, none', async () => {
  const lines = (await bundleImport('createClient, fetchStream')).split('\n')

  // A bundler may put a frame around it.
  expect(lines.filter((line) => line.includes('eventsource-parser'))).toEqual([
    expect.stringMatching(/^.{0,4}! eventsource-parser, .{1,70}$/),
  ])
  expect(await bundleImport('createClient, eventSource')).not.toMatch(/eventsource-parser/)
})

describe.each(findNodes())('[PK1] importing an entry under %s does nothing', (node) => {
  test.each([
    ['import', 'in a process'],
    ['worker', 'in a worker thread'],
    ['bare', 'where there is nothing but the language'],
  ])('%s: %s', async (probe) => {
    const paths = Object.keys(installed.manifest.exports).filter((path) => path !== './package.json')

    expect(paths).toContain('.')
    for (const path of paths) {
      expect(await runProbe(node, installed.app, probe, path.replace('.', 'holdfast'))).toBe('')
    }
  })
})

test('[PK1] the file for script tags adds `Holdfast` to the page, and nothing else', () => {
  const page = createContext({})
  runInContext(read(withoutDot(installed.manifest.unpkg)), page)

  expect(Object.keys(page)).toEqual(['Holdfast'])
  expect(runInContext('typeof Holdfast.createClient', page)).toBe('function')
})

test('the hash beside the file for script tags is what OpenSSL makes of it, as the quick start says', () => {
  const { unpkg } = installed.manifest
  const command = 'openssl dgst -sha384 -binary holdfast.global.js | openssl base64 -A'

  expect(readFileSync('docs/guides/quick-start.md', 'utf8')).toContain(command)
  const made = execFileSync('sh', ['-c', command], { cwd: join(installed.folder, 'dist'), encoding: 'utf8' })
  expect(read(`${withoutDot(unpkg)}.sri`)).toBe(`sha384-${made}\n`)
})

test('[PK2] a bundle with only a WebSocket in it has nothing of server-sent events', async () => {
  const bundle = await bundleImport('createClient, webSocket')

  expect(bundle).toContain('WebSocket')
  expect(streamMarkers.filter((marker) => bundle.includes(marker))).toEqual([])
  expect(bundle).not.toMatch(notice)
})

test('[PK2] a bundle with an EventSource in it has none of the WebSocket, and shows that the markers are seen', async () => {
  const bundle = await bundleImport('createClient, eventSource')

  expect(streamMarkers.filter((marker) => bundle.includes(marker))).toContain('EventSource')
  expect(bundle).not.toContain('WebSocket')
})

function builtFiles(): readonly string[] {
  return installed.files.filter((path) => path.endsWith('.js'))
}

/** By the source map, which lists all that went into the file. */
function packagesIn(path: string): readonly string[] {
  const { sources } = JSON.parse(read(`${path}.map`)) as { readonly sources: readonly string[] }
  return [...new Set(sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []))]
}

async function bundleImport(names: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from 'holdfast'`, resolveDir: installed.app },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}

function read(path: string): string {
  return readFileSync(join(installed.folder, path), 'utf8')
}

function withoutDot(path: string): string {
  return path.replace(/^\.\//, '')
}
