import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { startGreetings } from './start-greetings.ts'
import { useProject } from './use-project.ts'

const project = useProject('runtimes')
beforeAll(() => {
  const { folder } = project()
  cpSync(join(import.meta.dirname, '..', '..', 'package', 'probes'), join(folder, 'probes'), { recursive: true })
  cpSync(join(import.meta.dirname, 'projects', 'typescript', 'usage.ts'), join(folder, 'usage.ts'))
})

/** Runtime → how it is asked to run a module. */
const runtimes: Readonly<Record<string, readonly string[]>> = {
  deno: ['run', '--no-prompt', '--allow-all'],
  bun: ['run'],
}

describe.each(Object.entries(runtimes))('in %s', (runtime, how) => {
  test.each([
    ['import', 'in a process'],
    ['worker', 'in a worker thread'],
  ])('[PK1] %s: importing an entry %s does nothing', async (probe) => {
    for (const entry of entries()) expect(await project().run(runtime, ...how, `probes/${probe}.mjs`, entry)).toBe('')
  })

  test('[LC5] clients receive over a WebSocket and over streams, and leave nothing that keeps the process alive', async () => {
    const server = await startGreetings()

    const printed = await project().run(runtime, ...how, 'greet.mjs', server.origin)

    expect(printed.trim().split('\n')).toEqual([
      'websocket: hello',
      'fetch-stream: hello',
      'websocket: hello',
      'readEvents: hello',
      'function',
    ])
  })
})

test('[PK1] Deno imports every entry without any permission', async () => {
  const imports = entries().map((entry) => `import '${entry}'\n`)
  writeFileSync(join(project().folder, 'imports.mjs'), imports.join(''))

  await expect(project().run('deno', 'run', '--no-prompt', 'imports.mjs')).resolves.toBe('')
})

test('[PK3] Deno checks what is written against the declarations', async () => {
  await expect(project().run('deno', 'check', 'usage.ts')).resolves.toMatch(/^Check .*usage\.ts/)
})

/** As applications import them. */
function entries(): readonly string[] {
  const manifest = readFileSync(join(project().folder, 'node_modules', 'holdfast', 'package.json'), 'utf8')
  const paths = Object.keys(JSON.parse(manifest).exports).filter((path) => path !== './package.json')
  if (paths.length < 4) throw new Error('the manifest has no entries')
  return paths.map((path) => path.replace('.', 'holdfast'))
}
