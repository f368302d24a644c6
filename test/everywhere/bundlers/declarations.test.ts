import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useProject } from './use-project.ts'

/** Version → the folder of node_modules that has it. */
const compilers = { '5.4': 'ts54', '5.9': 'ts59', '6': 'ts6', '7': 'ts7' }

/** `moduleResolution` → the `module` that goes with it. */
const resolutions = { bundler: 'ESNext', node16: 'Node16', nodenext: 'NodeNext' }

/** Where an application runs, by what it has besides the language. */
const page = { lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'], types: [] }
/** As most have it, whose tools bring the declarations of Node. */
const pageWithNode = { ...page, types: ['node'] }
const worker = { lib: ['ES2022', 'WebWorker', 'WebWorker.AsyncIterable'], types: [] }

/** All that a compiler has to say, as far as 5.4 knows it. */
const strictness = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
}

const project = useProject('typescript')

describe.each(Object.entries(compilers))('under TypeScript %s', (_, compiler) => {
  test.each(Object.entries(resolutions))(
    '[PK3] what a page writes over the installed package checks with moduleResolution %s',
    async (moduleResolution, module) => {
      await expect(check(compiler, { ...pageWithNode, moduleResolution, module }, ['usage.ts'])).resolves.toBe('')
    },
  )

  test('[PK3] what a worker writes over it checks, once it has declared `Storage`', async () => {
    const options = { ...worker, moduleResolution: 'bundler', module: 'ESNext' }

    await expect(check(compiler, options, ['usage.ts', 'storage.d.ts'])).resolves.toBe('')
  })

  test('[PK3] a CommonJS module has it by `import()`', async () => {
    const options = { ...page, moduleResolution: 'node16', module: 'Node16' }

    await expect(check(compiler, options, ['loading.cts'])).resolves.toBe('')
  })
})

// `fallback` names a type that only the declarations of a page have. What it asks of a storage could be spelled out.
test.fails('what a worker writes over it checks as it stands', async () => {
  const options = { ...worker, moduleResolution: 'bundler', module: 'ESNext' }

  await expect(check(compilers['7'], options, ['usage.ts'])).resolves.toBe('')
})

/** Returns what the compiler prints, and rejects with it where it finds anything. */
async function check(compiler: string, options: object, files: readonly string[]): Promise<string> {
  const compilerOptions = { ...strictness, target: 'ES2022', ...options, noEmit: true }
  writeFileSync(join(project().folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  return project().run(process.execPath, join('node_modules', compiler, 'bin', 'tsc'), '--pretty', 'false')
}
