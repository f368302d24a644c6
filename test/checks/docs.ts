/** Type-checks every `ts` and `tsx` block of README.md and docs/ against the built package, which they import as users do. */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from './command.ts'
import { findModules } from './markdown.ts'

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: ['node'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

const folder = join(root, '.tmp', 'docs')
// The frameworks are not installed here: what the pages on bindings show is checked in the apps that it is quoted from.
const documents = globSync(['README.md', 'docs/**/*.md'], { cwd: root, exclude: ['docs/bindings/**'] }).sort()
const origins = new Map<string, string>()

rmSync(folder, { recursive: true, force: true })
for (const document of documents) writeModules(document)

const inReadme = [...origins.values()].filter((document) => document === 'README.md').length
const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...origins.keys()], options))
for (const diagnostic of diagnostics) console.log(describe(diagnostic))
if (inReadme === 0) console.log('README.md: no `ts` block in it, so nothing shows how to begin')
console.log(`${origins.size} modules in ${documents.length} documents, ${diagnostics.length} errors`)
process.exitCode = diagnostics.length > 0 || inReadme === 0 ? 1 : 0

function writeModules(document: string): void {
  const markdown = readFileSync(join(root, document), 'utf8')
  for (const [index, module] of findModules(markdown).entries()) {
    // A block that quotes a file is written to that file's path, so that the imports of others find it.
    const path = join(folder, module.title ?? `${document}.${index + 1}.${module.language}`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, module.text)
    origins.set(path, document)
  }
}

/** `README.md:12: …`, which is where the block stands, because the module was padded to the document's lines. */
function describe({ file, start = 0, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n')
  if (file === undefined) return message

  const { line, character } = file.getLineAndCharacterOfPosition(start)
  return `${origins.get(file.fileName) ?? file.fileName}:${line + 1}:${character + 1}: ${message}`
}
