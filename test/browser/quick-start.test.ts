/** The quick starts that need no build: their two files, as they stand there, in a folder that has the package and `ws` installed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from './eventually.ts'
import { useBrowser } from './use-browser.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const newPage = useBrowser()
const inPages = 'A page without a build'
const tokenStream = 'A token stream'

test('the two files of the quick start run as they stand, and the page shows its message', async (context) => {
  const { url } = await startServer(inPages)
  const { readLog, written } = await openPage(context, url)

  await eventually(readLog).toEqual(['Ana: hello'])
  expect(written).toEqual([])
})

test('what a second window says is seen in both', async (context) => {
  const { url } = await startServer(inPages)
  const first = await openPage(context, url)
  await eventually(first.readLog).toEqual(['Ana: hello'])
  const second = await openPage(context, url)

  await eventually(second.readLog).toEqual(['Ana: hello'])
  await eventually(first.readLog).toEqual(['Ana: hello', 'Ana: hello'])
})

test.each(['hello', 'null'])('the frame %s does not end that server', async (frame) => {
  const { chat } = await startServer(inPages)
  const socket = new WebSocket(chat)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.send(frame)
  socket.send('{"type":"message","data":1}')
  const [answer] = await once(socket, 'message')

  expect(`${answer}`).toBe('{"type":"message","data":1}')
})

test('a frame that breaks the protocol does not end that server', async () => {
  const { url } = await startServer(inPages)
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
  const request = get(`${url}chat`, { headers: { ...headers, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } })
  const [, socket] = await once(request, 'upgrade')
  // An opcode that nobody knows: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
  socket.resume().end(Uint8Array.of(0x83, 0x80, 0, 0, 0, 0))
  await once(socket, 'close')

  expect((await fetch(url)).status).toBe(200)
})

test('the token stream runs as it stands: the answer comes word by word', async (context) => {
  const { page, answer, complaints } = await openStream(context)
  await page.evaluate(() => {
    const element = document.querySelector('#answer')
    new MutationObserver(() => {
      window.seen = [...(window.seen ?? []), `${element?.textContent}`]
    }).observe(element as Element, { childList: true })
  })
  await page.getByRole('button', { name: 'Ask' }).click()

  await eventually(answer).toBe('You asked: What holds? What is kept. ')
  expect(await page.evaluate(() => window.seen)).toEqual(expect.arrayContaining(['You ', 'You asked: What holds? ']))
  expect(complaints()).toBe('')
})

test('a script that is not there does not end that server', async () => {
  const { url } = await startServer(tokenStream)

  expect((await fetch(`${url}holdfast/none.js`)).status).toBe(404)
  expect((await fetch(`${url}holdfast/sse.js`)).status).toBe(200)
})

test('Stop aborts the request, and what was said stays', async (context) => {
  const { page, answer, complaints } = await openStream(context)
  await page.getByLabel('Question').fill(longQuestion)
  await page.getByRole('button', { name: 'Ask' }).click()
  await eventually(answer).toMatch(/^You /)
  const aborted = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/answer'))
  await page.getByRole('button', { name: 'Stop' }).click()

  expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED')
  expect(await answer()).toMatch(/^You [^(]*$/)
  expect(complaints()).toBe('')
})

test('an answer that breaks off says so', async (context) => {
  const { page, answer, server } = await openStream(context)
  await page.getByLabel('Question').fill(longQuestion)
  await page.getByRole('button', { name: 'Ask' }).click()
  await eventually(answer).toMatch(/^You /)
  server.kill('SIGKILL')

  await eventually(answer).toMatch(/\(.+\)$/)
})

declare global {
  interface Window {
    /** What the answer was, after each change. */
    seen?: readonly string[]
  }
}

/** Long enough not to be over before anybody has stopped it. */
const longQuestion = 'What holds? '.repeat(100)

async function openStream(context: TestContext) {
  const started = await startServer(tokenStream)
  const page = await newPage(context)
  await page.goto(started.url)
  return { ...started, page, answer: async () => (await page.locator('#answer').textContent()) ?? '' }
}

/** The server of a quick start, on a free port. Needs the built package. */
async function startServer(section: string) {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-start-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'holdfast'))
  await symlink(join(root, 'node_modules', 'ws'), join(folder, 'node_modules', 'ws'))
  const guide = await readFile(join(root, 'docs', 'guides', 'quick-start.md'), 'utf8')
  await writeFile(join(folder, 'index.html'), blockOf(guide, section, 'html'))
  await writeFile(join(folder, 'server.mjs'), blockOf(guide, section, 'js'))

  const server = spawn(process.execPath, ['server.mjs'], { cwd: folder, env: { PORT: '0' } })
  const ended = once(server, 'close')
  onTestFinished(async () => {
    server.kill()
    await ended
  })
  const [line] = await once(server.stdout, 'data')
  const url = `${line}`.trim()
  const written: string[] = []
  server.stderr.on('data', (chunk) => written.push(`${chunk}`))
  return { url, server, chat: `${url.replace('http', 'ws')}chat`, complaints: () => written.join('') }
}

/** The first block of the language in the section. */
function blockOf(guide: string, section: string, language: string): string {
  const [, text = ''] = guide.split(`\n## ${section}\n`)
  const [, code] = new RegExp(`\\n\`\`\`${language}\\n(.*?)\`\`\`\\n`, 's').exec(text) ?? []
  if (code === undefined) throw new Error(`The quick start has no ${language} under "${section}".`)
  return code
}

async function openPage(context: TestContext, url: string) {
  const page = await newPage(context)
  const written: string[] = []
  // What the page logs of the client is a warning; that there is no favicon is an error of Chromium's own.
  page.on('console', (message) => message.type() === 'warning' && written.push(message.text()))
  page.on('pageerror', (error) => written.push(error.message))
  await page.goto(url)
  return { written, readLog: () => page.locator('#log li').allTextContents() }
}
