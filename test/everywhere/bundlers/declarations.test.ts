import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useProject } from './use-project.ts'

/** Version → the folder of node_modules that has it. */
const compilers = { '5.4': 'ts54', '5.9': 'ts59', '6': 'ts6', '7': 'ts7' }

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

const bundled = { moduleResolution: 'bundler', module: 'ESNext' }

describe.each(Object.entries(compilers))('under TypeScript %s', (_, compiler) => {
  test('[PK3] what a page writes for a bundler checks over the installed package', async () => {
    await expect(check(compiler, { ...pageWithNode, ...bundled }, ['usage.ts'])).resolves.toBe('')
  })

  test('[PK3] what a page writes as Node resolves it checks, and a CommonJS module has the package by `import()`', async () => {
    const options = { ...page, moduleResolution: 'nodenext', module: 'NodeNext' }

    await expect(check(compiler, options, ['usage.ts', 'loading.cts'])).resolves.toBe('')
  })

  test('[PK3] what a worker writes checks, whose declarations have nothing of a page', async () => {
    const options = { ...worker, moduleResolution: 'node16', module: 'Node16' }

    await expect(check(compiler, options, ['usage.ts'])).resolves.toBe('')
  })
})

/** Returns what the compiler prints, and rejects with it where it finds anything. */
async function check(compiler: string, options: object, files: readonly string[]): Promise<string> {
  const compilerOptions = { ...strictness, target: 'ES2022', ...options, noEmit: true }
  writeFileSync(join(project().folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  return project().run(process.execPath, join('node_modules', compiler, 'bin', 'tsc'), '--pretty', 'false')
}
