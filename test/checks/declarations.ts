/**
 * `node test/checks/declarations.ts ts54`: checks the built declarations as a strict user's compiler would, with the TypeScript
 * installed under that name, without `skipLibCheck` and under each of the ways in which a package can be resolved.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './command.ts'

/** `moduleResolution` → the `module` that goes with it. */
const resolutions = { bundler: 'ESNext', node16: 'Node16', nodenext: 'NodeNext' }

const compiler = process.argv[2]
if (compiler === undefined) throw new Error('name the compiler: a folder of node_modules, such as ts54')

/** What users write: compiled here with their compilers, as it stands. */
const types = join(root, 'test', 'types')
const usages = globSync('*.ts', { cwd: types, exclude: (name) => name.endsWith('.d.ts') })
if (usages.length === 0) throw new Error('test/types has nothing to compile')

const project = join(root, '.tmp', 'declarations', compiler)
rmSync(project, { recursive: true, force: true })
mkdirSync(join(project, 'node_modules'), { recursive: true })
symlinkSync(root, join(project, 'node_modules', 'holdfast'))
for (const file of usages) copyFileSync(join(types, file), join(project, file))
writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
writeFileSync(join(project, 'entries.ts'), importsOfEveryEntry())

for (const [moduleResolution, module] of Object.entries(resolutions)) check(moduleResolution, module)

function importsOfEveryEntry(): string {
  const manifest: { exports: Record<string, string | { types?: string }> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const typed = Object.entries(manifest.exports).filter(([, target]) => typeof target === 'object' && target.types)
  if (typed.length === 0) throw new Error('package.json has no entry with types')

  return typed.map(([path], index) => `export * as entry${index} from '${path.replace('.', 'holdfast')}'\n`).join('')
}

function check(moduleResolution: string, module: string): void {
  const options = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    types: [],
    module,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    allowImportingTsExtensions: true,
    noEmit: true,
  }
  const config = join(project, `tsconfig.${moduleResolution}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files: ['entries.ts', ...usages] }, null, 2))

  const tsc = join(root, 'node_modules', String(compiler), 'bin', 'tsc')
  try {
    execFileSync(process.execPath, [tsc, '--project', config, '--pretty', 'false'], { stdio: 'inherit' })
  } catch {
    console.log(`not under moduleResolution ${moduleResolution}`)
    process.exitCode = 1
  }
}
