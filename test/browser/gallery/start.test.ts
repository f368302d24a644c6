import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../eventually.ts'

const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
const server = fileURLToPath(new URL('../../../docs/demo/server.ts', import.meta.url))

test('the demo prints its URL on one line, serves its start page there, and ends on SIGTERM', async () => {
  const demo = run({ PORT: '0' })
  const url = await readUrl(demo)

  const answer = await fetch(url)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('<title>holdfast: demo</title>')

  demo.terminate()
  expect(await demo.ended).toEqual({ code: 0, out: `holdfast demo: ${url}\n`, error: '' })
})

test('SIGTERM ends it while a socket and a stream are open, and both hear it', async () => {
  const demo = run({ PORT: '0' })
  const url = await readUrl(demo)
  const socket = new WebSocket(`${url.replace('http:', 'ws:')}chat`)
  const closed = once(socket, 'close')
  await once(socket, 'open')
  const feed = await fetch(`${url}feed`)

  demo.terminate()
  expect((await demo.ended).code).toBe(0)
  await closed
  await expect(feed.text()).rejects.toThrow()
})

test('a port that is taken is said in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as { readonly port: number }

  const { code, out, error } = await run({ PORT: `${port}` }).ended

  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toMatch(new RegExp(`^Port ${port} is taken\\. .*PORT=.*\\n$`))
})

test.each([
  ['CERT without KEY', { CERT: 'cert.pem' }, /^TLS needs both CERT and KEY.* KEY is missing\.\n$/],
  ['KEY without CERT', { KEY: 'key.pem' }, /^TLS needs both CERT and KEY.* CERT is missing\.\n$/],
  ['a certificate that is not there', { CERT: 'no.pem', KEY: 'no.pem' }, /^CERT .* cannot be read: no\.pem\n$/],
  ['no certificate', { CERT: server, KEY: server }, /^CERT and KEY have to be .* PEM.*\n$/],
  ['a port that is none', { PORT: '70000' }, /^PORT takes a number .* It is "70000"\.\n$/],
])('%s is said in one line', async (_what, environment, words) => {
  const { code, out, error } = await run({ PORT: '0', ...environment }).ended

  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toMatch(words)
})

interface Run {
  /** What it has printed so far. */
  readonly printed: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly error: string }>
  terminate(): void
}

/** The demo as `npm start` runs it, in an environment with nothing of this one. */
function run(environment: Readonly<Record<string, string>>): Run {
  const child = spawn(node, [server], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let error = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    error += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, error }))

  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { printed: () => out, ended, terminate: () => child.kill('SIGTERM') }
}

async function readUrl({ printed }: Run): Promise<string> {
  const line = /^holdfast demo: (http:\/\/127\.0\.0\.1:\d+\/)\n$/
  await eventually(printed).toMatch(line)
  return line.exec(printed())?.[1] ?? ''
}
