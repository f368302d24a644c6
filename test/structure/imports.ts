/** Judges the imports of src, types included. A pure function over the files, so that a test can show it what it must catch. */
import { posix } from 'node:path'
import ts from 'typescript'
import type { Files } from './files.ts'

interface Layer {
  readonly name: string
  readonly files: RegExp
  /** Names of the layers that it may import, besides itself. */
  readonly below: readonly string[]
}

const entryPoints = [
  'src/index.ts',
  'src/testing/index.ts',
  'src/sse/index.ts',
  'src/cross-tab/index.ts',
  'src/store/index.ts',
  'src/global.ts',
]

const contracts = ['ground', 'contracts']
const parts = [...contracts, 'mechanisms', 'adapters']

/** A file's layer is the first whose pattern fits. */
const layers: readonly Layer[] = [
  { name: 'ground', files: /^src\/(errors|environment)\.ts$/, below: [] },
  {
    name: 'contracts',
    files: /^src\/(transport|realtime-client|standard-schema|codec|codecs\/.+)\.ts$/,
    below: ['ground'],
  },
  {
    name: 'combinations',
    files: /^src\/(transports\/(fallback|with-upstream|lanes)|cross-tab\/(?!index\.ts).+)\.ts$/,
    below: parts,
  },
  { name: 'adapters', files: /^src\/(transports|sse)\/(?!index\.ts).+\.ts$/, below: contracts },
  { name: 'mechanisms', files: /^src\/(connection|delivery|routing)\/.+\.ts$/, below: contracts },
  { name: 'client', files: /^src\/client\.ts$/, below: parts },
  { name: 'stores', files: /^src\/store\/(?!index\.ts).+\.ts$/, below: contracts },
  { name: 'testing', files: /^src\/testing\/(?!index\.ts).+\.ts$/, below: [...contracts, 'adapters'] },
  {
    name: 'entry points',
    files: new RegExp(`^(${entryPoints.join('|')})$`),
    below: [...parts, 'combinations', 'client', 'stores', 'testing'],
  },
]

/** What is wrong with the imports of a tree, one sentence each. Paths begin with `src/`. */
export function judgeImports(files: Files): readonly string[] {
  const imports = new Map([...files].map(([path, source]) => [path, findImports(path, source)]))
  const graph = new Map([...imports].map(([path, found]) => [path, resolveAll(path, found, files)]))
  return [
    ...[...files.keys()].filter((path) => layerOf(path) === undefined).map((path) => `${path} fits no layer`),
    ...[...imports].flatMap(([path, found]) => found.flatMap((one) => judgeImport(path, one, files))),
    ...findCircles(graph),
    ...findUnreachable(graph),
  ]
}

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

/** By the syntax tree: `ts.preProcessFile` is quicker, but does not see `export type * as name from`. */
function findImports(path: string, source: string): readonly Import[] {
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)

    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest))
  return found
}

function judgeImport(path: string, { specifier, typeOnly }: Import, files: Files): readonly string[] {
  if (!specifier.startsWith('.')) return judgePackage(path, specifier, typeOnly)

  const target = resolve(path, specifier)
  if (!files.has(target)) return [`${path} imports ${specifier}, which is no file of src`]

  const from = layerOf(path)
  const to = layerOf(target)
  if (from === undefined || to === undefined) return []
  if (from.name === 'entry points') return judgeEntry(path, target, to)
  return from === to || from.below.includes(to.name) ? [] : [`${path} (${from.name}) imports ${target} (${to.name})`]
}

/** An entry point imports anything but another one; the script tag's gathers all of them but the testing kit. */
function judgeEntry(path: string, target: string, to: Layer): readonly string[] {
  if (path === 'src/global.ts')
    return target.startsWith('src/testing/') ? [`${path} imports the testing kit, ${target}`] : []
  return to.name === 'entry points' ? [`${path} imports another entry point, ${target}`] : []
}

function judgePackage(path: string, specifier: string, typeOnly: boolean): readonly string[] {
  const name = specifier.split('/')[0]
  if (name === 'eventsource-parser') {
    const allowed = path.startsWith('src/sse/') || path === 'src/transports/fetch-stream.ts'
    return allowed ? [] : [`${path} imports ${specifier}, which only src/sse and fetch-stream.ts may`]
  }
  if (specifier === '@standard-schema/spec') {
    return typeOnly ? [] : [`${path} imports values from ${specifier}, which has only types`]
  }
  return [`${path} imports the package ${specifier}`]
}

function resolveAll(path: string, found: readonly Import[], files: Files): readonly string[] {
  const relative = found.filter(({ specifier }) => specifier.startsWith('.'))
  return relative.map(({ specifier }) => resolve(path, specifier)).filter((target) => files.has(target))
}

function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier)
}

function layerOf(path: string): Layer | undefined {
  return layers.find((layer) => layer.files.test(path))
}

/** Each circle once, as the way around it. */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path)
    if (at !== -1) circles.push(`a circle: ${[...way.slice(at), path].join(' → ')}`)
    if (at !== -1 || done.has(path)) return

    for (const target of graph.get(path) ?? []) walk(target, [...way, path])
    done.add(path)
  }
  for (const path of graph.keys()) walk(path, [])
  return circles
}

function findUnreachable(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reached = new Set<string>()
  const reach = (path: string): void => {
    if (reached.has(path)) return

    reached.add(path)
    for (const target of graph.get(path) ?? []) reach(target)
  }
  for (const entry of entryPoints) reach(entry)
  return [...graph.keys()].filter((path) => !reached.has(path)).map((path) => `${path} is reached from no entry point`)
}
