import { appendFileSync, cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../../browser/eventually.ts'
import { useBrowser } from '../../browser/use-browser.ts'
import { openGreeted } from './greeted-page.ts'
import { greetings, startGreetings } from './start-greetings.ts'
import { type Project, useProject } from './use-project.ts'

const project = useProject('plain')
const newPage = useBrowser()

test('[PK4] a page imports the package by its bare names from another origin, as it was packed', async (context) => {
  const cdn = await startGreetings(join(project().folder, 'node_modules'))
  const server = await startGreetings(join(project().folder, 'every'))
  const map = JSON.stringify({ imports: addressesOf(project(), `${cdn.origin}/holdfast`) })
  writePage(project(), `<script type="importmap">${map}</script><script type="module" src="./main.js"></script>`)

  const page = await openGreeted(context, newPage, `${server.origin}/`, server)

  await page.shows(greetings)
})

test('the hash that is packed lets a page take the script from another origin', async (context) => {
  const cdn = await startGreetings(join(project().folder, 'node_modules'))
  const server = await startGreetings(join(project().folder, 'every'))
  writePage(project(), `${scriptFrom(project(), `${cdn.origin}/holdfast/dist`)}<script>${useGlobal}</script>`)

  const page = await openGreeted(context, newPage, `${server.origin}/`, server)

  await page.shows(['websocket: hello'])
})

test('with that hash a page refuses a script that is another', async (context) => {
  const changed = join(project().folder, 'changed')
  cpSync(join(project().folder, 'node_modules', 'holdfast', 'dist'), changed, { recursive: true })
  appendFileSync(join(changed, 'holdfast.global.js'), '\n')
  const cdn = await startGreetings(changed)
  const server = await startGreetings(join(project().folder, 'every'))
  writePage(project(), scriptFrom(project(), cdn.origin))
  const page = await newPage(context)
  const written: string[] = []
  page.on('console', (message) => written.push(message.text()))

  await page.goto(`${server.origin}/`)

  await eventually(() => written.join()).toMatch(/'integrity' attribute/)
  expect(await page.evaluate('typeof Holdfast')).toBe('undefined')
})

const useGlobal = `
  const server = new URLSearchParams(location.search).get('server')
  const client = Holdfast.createClient(Holdfast.webSocket(server + '/live'))
  client.on('greeting', ({ text }, { transport }) => {
    document.querySelector('ul').innerHTML += '<li>' + transport + ': ' + text + '</li>'
  })
  client.connect()
`

/** The tag that README shows. */
function scriptFrom({ read }: Project, address: string): string {
  const integrity = read('node_modules', 'holdfast', 'dist', 'holdfast.global.js.sri').trim()
  return `<script src="${address}/holdfast.global.js" integrity="${integrity}" crossorigin="anonymous"></script>`
}

function writePage({ folder }: Project, scripts: string): void {
  const head = '<!doctype html><meta charset="utf-8"><title>From a CDN</title><link rel="icon" href="data:,">'
  writeFileSync(join(folder, 'every', 'index.html'), `${head}<ul></ul>${scripts}`)
}

/** Every entry by its bare name → where a CDN has it. */
function addressesOf({ read }: Project, base: string): Readonly<Record<string, string>> {
  const manifest: { exports: Record<string, string | { default: string }> } = JSON.parse(
    read('node_modules', 'holdfast', 'package.json'),
  )
  const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [[path.replace('.', 'holdfast'), target.default.replace('.', base)]],
  )
  return Object.fromEntries(entries)
}
