/** The quick start with Vite and React: its files as they stand there, in the app that Vite's own template makes, beside the server that it names. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import { useBrowser } from '../../browser/use-browser.ts'
import { useProject } from '../bundlers/use-project.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const guide = readFileSync(join(root, 'docs', 'guides', 'quick-start.md'), 'utf8')
const newPage = useBrowser()
const project = useProject('react', [join(import.meta.dirname, 'shared'), join(import.meta.dirname, 'react')])

/** What the template has for the rest. */
const page =
  '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/src/main.jsx"></script>'
const main = `
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App.jsx'

createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>)
`

test('the app of the quick start shows what it and others say, from the development server of Vite', async (context) => {
  const write = (path: string, text: string) => writeFileSync(join(project().folder, path), text)
  symlinkSync(join(root, 'node_modules', 'ws'), join(project().folder, 'node_modules', 'ws'))
  write('server.mjs', blockOf('A page without a build', 'js'))
  write('start.mjs', "process.env.PORT = '0'\nawait import('./server.mjs')\n")
  const server = await project().serve(process.execPath, 'start.mjs')
  const backend = 'ws://127.0.0.1:8080'
  expect(blockOf('Vite and React', 'js')).toContain(backend)
  write('vite.config.js', blockOf('Vite and React', 'js').replace(backend, server.replace(/^http(.*?)\/?$/, 'ws$1')))
  write('src/App.jsx', blockOf('Vite and React', 'jsx'))
  write('src/main.jsx', main)
  write('index.html', page)

  const address = await project().serve('vite', '--host', '127.0.0.1', '--port', '0')
  const [first, second] = [await newPage(context), await newPage(context)]
  const wrong: string[] = []
  first.on('pageerror', (error) => wrong.push(error.message))
  for (const opened of [first, second]) {
    await opened.goto(address)
    await eventually(() => opened.getByRole('status').textContent()).toBe('open')
  }
  await first.getByLabel('Message').fill('hello')
  await first.getByRole('button', { name: 'Send' }).click()

  for (const opened of [first, second]) {
    await eventually(() => opened.locator('li').allTextContents()).toEqual(['Ben: hello'])
  }
  expect(wrong).toEqual([])
})

/** The first block of the language in the section. */
function blockOf(section: string, language: string): string {
  const [, text = ''] = guide.split(`\n## ${section}\n`)
  const [, code] = new RegExp(`\\n\`\`\`${language}\\n(.*?)\`\`\`\\n`, 's').exec(text) ?? []
  if (code === undefined) throw new Error(`The quick start has no ${language} under "${section}".`)
  return code
}
