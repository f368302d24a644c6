/** The app of one framework, with its recipe, the packed package and the framework's own tools, built once for all tests. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { type Project, useProject } from '../bundlers/use-project.ts'

const root = join(import.meta.dirname, '..', '..', '..')

export interface App {
  readonly project: Project
  /** Where the build for users is. */
  readonly built: string
  /** Where the build for development is: in it a framework warns, and does everything twice to find mistakes. */
  readonly builtToDevelop: string
}

/** What a server makes of an app. */
export interface Rendered {
  readonly head: string
  readonly body: string
  /** How many subscribers rendering has left with the stores. */
  readonly subscribers: number
}

/** `name` is that of the app's folder, and of the recipe in docs/bindings. */
export function useApp(name: string): () => App {
  const project = useProject(name, [join(import.meta.dirname, 'shared'), join(import.meta.dirname, name)])
  const app = () => ({
    project: project(),
    built: join(project().folder, 'out', 'production'),
    builtToDevelop: join(project().folder, 'out', 'development'),
  })

  beforeAll(async () => {
    cpSync(join(root, 'docs', 'bindings', `${name}.ts`), join(project().folder, 'src', 'holdfast.ts'))
    for (const mode of ['production', 'development']) {
      await project().run('vite', 'build', '--mode', mode, '--outDir', `out/${mode}`)
    }
  })

  return app
}

/** Renders the app with Node. */
export async function renderApp({ project }: App): Promise<Rendered> {
  await project.run('vite', 'build', '--ssr', 'src/server.ts', '--outDir', 'out/server')
  return JSON.parse(await project.run(process.execPath, 'render.mjs'))
}

/** Puts what a server has rendered into the app's page, and marks it, to tell it from what the page renders. Returns the page's path. */
export function writeRendered({ builtToDevelop }: App, { head, body }: Rendered): string {
  const page = readFileSync(join(builtToDevelop, 'index.html'), 'utf8')
  const mark = `<script>document.querySelector('section').isRendered = true</script>`
  const root = '<div id="app"></div>'
  if (!page.includes(root)) throw new Error('the built page has no place for the app')
  const rendered = page
    .replace('</title>', (title) => title + head)
    .replace(root, () => `<div id="app">${body}</div>${mark}`)
  writeFileSync(join(builtToDevelop, 'rendered.html'), rendered)
  return '/rendered.html'
}
