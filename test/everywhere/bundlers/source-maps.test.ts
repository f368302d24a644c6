import { globSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useProject } from './use-project.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const project = useProject('plain')
const packed = ['node_modules', 'holdfast', 'dist']

test('every built file names its map, which has all its sources in it', () => {
  for (const file of builtFiles()) {
    expect(project().read(...packed, file), file).toMatch(new RegExp(`\\n//# sourceMappingURL=${file}\\.map\\n?$`))
    const { sources, sourcesContent } = mapOf(file)
    expect(sources.length, file).toBeGreaterThan(0)
    expect(
      sourcesContent?.map((text) => text.length > 0),
      file,
    ).toEqual(sources.map(() => true))
  }
})

test('what the maps have of our sources is what they are', () => {
  for (const file of builtFiles()) {
    const { sources, sourcesContent } = mapOf(file)
    for (const [index, source] of sources.entries()) {
      if (source.startsWith('../src/'))
        expect(sourcesContent?.[index], source).toBe(readFileSync(join(root, source.slice(3)), 'utf8'))
    }
  }
})

test.each(['index.js', 'holdfast.global.js'])('a position in %s leads to the line that it came from', (file) => {
  const map = new SourceMap(mapOf(file))
  const built = project().read(...packed, file)
  const texts = textsIn(mapOf(file).sourcesContent ?? []).filter((text) => built.split(text).length === 2)

  expect(texts.length).toBeGreaterThan(10)
  for (const text of texts) {
    const { line, column } = positionOf(built, text)
    const entry = map.findEntry(line, column)
    if (!('originalSource' in entry)) throw new Error(`${text} leads nowhere`)
    const source = mapOf(file).sourcesContent?.[mapOf(file).sources.indexOf(entry.originalSource)]
    expect(source?.split('\n')[entry.originalLine], entry.originalSource).toContain(text)
  }
})

test('the stack of an error names lines of the sources', async () => {
  const script =
    "import { webSocket } from 'holdfast'\ntry { webSocket('ftp://x') } catch ({ stack }) { console.log(stack) }"
  const stack = await project().run(process.execPath, '--enable-source-maps', '--input-type=module', '--eval', script)

  const [, line] = /src\/transports\/web-socket\.ts:(\d+):\d+/.exec(stack) ?? []
  const source = readFileSync(join(root, 'src', 'transports', 'web-socket.ts'), 'utf8')
  expect(source.split('\n')[Number(line) - 1], stack).toMatch(/[Uu]rl/)
})

/** Texts of some length that stand in one place of the sources. */
function textsIn(sources: readonly string[]): readonly string[] {
  const texts = sources.flatMap((source) => source.match(/(?<=')[^'\n\\]{20,}(?=')/g) ?? [])
  return texts.filter((text) => sources.join('\n').split(text).length === 2)
}

function positionOf(text: string, part: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(part)).split('\n')
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0 }
}

function builtFiles(): readonly string[] {
  const files = globSync('*.js', { cwd: join(project().folder, ...packed) })
  if (files.length < 5) throw new Error('the package has no built files')
  return files
}

function mapOf(file: string): SourceMapPayload {
  return JSON.parse(project().read(...packed, `${file}.map`))
}
