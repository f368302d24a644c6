import { cpSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import { useBrowser } from '../../browser/use-browser.ts'
import { openGreeted } from './greeted-page.ts'
import { greetings, startGreetings } from './start-greetings.ts'
import { type Project, useProject } from './use-project.ts'

/** Tool → builds one of `pages/` into a folder, which it returns. */
const builds: Readonly<Record<string, (project: Project, page: string) => Promise<string>>> = {
  async vite(project, page) {
    await project.run('vite', 'build', page)
    return join(project.folder, page, 'dist')
  },
  async webpack(project, page) {
    await project.run('webpack', '--env', `page=${page}`)
    return withPage(project, page)
  },
  async esbuild(project, page) {
    await project.run(
      'esbuild',
      `${page}/main.js`,
      '--bundle',
      '--minify',
      '--format=esm',
      `--outfile=out/${page}/main.js`,
    )
    return withPage(project, page)
  },
}

const streamMarkers = ['text/event-stream', 'EventSource', 'Last-Event-ID']

const newPage = useBrowser()
const viteProject = useProject('vite')

describe.each(Object.entries(builds))('a project of %s', (name, build) => {
  const project = name === 'vite' ? viteProject : useProject(name)

  test('a built page receives over every transport, and sends', async (context) => {
    const folder = await build(project(), 'every')
    const server = await startGreetings(folder)

    const page = await openGreeted(context, newPage, `${server.origin}/`, server)

    await page.shows(greetings)
    await eventually(() => server.received).toEqual(['{"type":"answer","data":"hello"}'])
    expect(markersIn(folder), 'the markers are there where they belong').toEqual(streamMarkers)
  })

  test('[PK2] a page with only a WebSocket works, and what was built for it has nothing of server-sent events', async (context) => {
    const folder = await build(project(), 'lean')
    const server = await startGreetings(folder)

    const page = await openGreeted(context, newPage, `${server.origin}/`, server)

    await page.shows(['websocket: hello'])
    expect(markersIn(folder)).toEqual([])
  })
})

test('the development server of vite serves a page that receives over every transport', async (context) => {
  const server = await startGreetings()
  const address = await viteProject().serve('vite', 'every', '--host', '127.0.0.1', '--port', '0')

  const page = await openGreeted(context, newPage, address, server)

  await page.shows(greetings)
})

/** For tools that build only scripts. */
function withPage({ folder }: Project, page: string): string {
  const out = join(folder, 'out', page)
  cpSync(join(folder, page, 'index.html'), join(out, 'index.html'))
  return out
}

function markersIn(folder: string): readonly string[] {
  const code = globSync('**/*.js', { cwd: folder }).map((path) => readFileSync(join(folder, path), 'utf8'))
  if (code.length === 0) throw new Error('no script was built')
  return streamMarkers.filter((marker) => code.some((text) => text.includes(marker)))
}
