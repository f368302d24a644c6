/** The start that README promises: its two files, as they stand there, in a folder that has the package and `ws` installed. */
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

test('the two files of README’s start run as they stand, and the page shows its message', async (context) => {
  const { url } = await startReadme()
  const { readLog, written } = await openPage(context, url)

  await eventually(readLog).toEqual(['Ana: hello'])
  expect(written).toEqual([])
})

test('what a second window says is seen in both', async (context) => {
  const { url } = await startReadme()
  const first = await openPage(context, url)
  await eventually(first.readLog).toEqual(['Ana: hello'])
  const second = await openPage(context, url)

  await eventually(second.readLog).toEqual(['Ana: hello'])
  await eventually(first.readLog).toEqual(['Ana: hello', 'Ana: hello'])
})

test.each(['hello', 'null'])('the frame %s does not end that server', async (frame) => {
  const { chat } = await startReadme()
  const socket = new WebSocket(chat)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.send(frame)
  socket.send('{"type":"message","data":1}')
  const [answer] = await once(socket, 'message')

  expect(`${answer}`).toBe('{"type":"message","data":1}')
})

test('a frame that breaks the protocol does not end that server', async () => {
  const { url } = await startReadme()
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
  const request = get(`${url}chat`, { headers: { ...headers, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } })
  const [, socket] = await once(request, 'upgrade')
  // An opcode that nobody knows: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
  socket.resume().end(Uint8Array.of(0x83, 0x80, 0, 0, 0, 0))
  await once(socket, 'close')

  expect((await fetch(url)).status).toBe(200)
})

/** The server of README, on a free port. Needs the built package. */
async function startReadme() {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-start-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'holdfast'))
  await symlink(join(root, 'node_modules', 'ws'), join(folder, 'node_modules', 'ws'))
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  await writeFile(join(folder, 'index.html'), blockOf(readme, 'html'))
  await writeFile(join(folder, 'server.mjs'), blockOf(readme, 'js'))

  const server = spawn(process.execPath, ['server.mjs'], { cwd: folder, env: { PORT: '0' } })
  const ended = once(server, 'close')
  onTestFinished(async () => {
    server.kill()
    await ended
  })
  const [line] = await once(server.stdout, 'data')
  const url = `${line}`.trim()
  return { url, chat: `${url.replace('http', 'ws')}chat` }
}

/** The first block of the language in the section. */
function blockOf(readme: string, language: string): string {
  const [, section = ''] = readme.split('\n## Start in a page, without a build\n')
  const [, code] = new RegExp(`\\n\`\`\`${language}\\n(.*?)\`\`\`\\n`, 's').exec(section) ?? []
  if (code === undefined) throw new Error(`README has no ${language} in the start for pages.`)
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
