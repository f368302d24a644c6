/** The servers of docs/guides/servers.md, run as they stand there, each against a real client. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { expectFeed, expectLive } from './clients.ts'
import { compileGo, findCommand, servers, startServer } from './program.ts'

const env = { EVERY: '40' }
const go = findCommand('go')
// Debian's, which has Debian's packages.
const python = '/usr/bin/python3'
const build = mkdtempSync(join(tmpdir(), 'holdfast-go-'))
afterAll(() => rmSync(build, { recursive: true, force: true }))

/** Upgrades by hand: Node's WebSocket has no `Origin`. Resolves with the status of the answer. */
function upgradeFrom(origin: string, port: number): Promise<number | undefined> {
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', origin }
  return new Promise((resolve, reject) => {
    const asked = request({
      port,
      path: '/live',
      headers: { ...headers, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    })
    asked.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy()
      resolve(statusCode)
    })
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject).end()
  })
}

/** Resolves when it was greeted. */
async function openSocket(url: string): Promise<WebSocket> {
  // What is compressed would not fill any buffer.
  const socket = new WebSocket(url, { perMessageDeflate: false })
  socket.on('error', () => {})
  await once(socket, 'message')
  return socket
}

/** A WebSocket of which nothing is read. */
async function upgrade(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  const head = ['GET /live HTTP/1.1', 'host: localhost', 'connection: Upgrade', 'upgrade: websocket']
  const key = ['sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==']
  socket.write(`${[...head, ...key].join('\r\n')}\r\n\r\n`)
  await once(socket, 'readable')
  return socket
}

async function codeOfClose(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close')
  return code
}

interface Language {
  readonly name: string
  /** What has to be installed, where something has. */
  readonly needs?: string
  readonly isThere: boolean
  start(program: 'feed' | 'live'): ReturnType<typeof startServer>
}

const languages: readonly Language[] = [
  {
    name: 'Node',
    isThere: true,
    start: (program) => startServer(process.execPath, [join(servers, `${program}.mjs`)], env),
  },
  {
    name: 'Python',
    needs: 'python3 and python3-websockets',
    isThere: spawnSync(python, ['-c', 'import websockets']).status === 0,
    start: (program) => startServer(python, [join(servers, `${program}.py`)], env),
  },
  {
    name: 'Go',
    needs: 'golang-go and golang-github-gorilla-websocket-dev',
    isThere: go !== undefined,
    start: (program) => startServer(join(build, program), [], env),
  },
]

for (const { name, needs, isThere, start } of languages) {
  // Where it is not installed it is skipped by name, and where `CI` is `true` it fails.
  describe.skipIf(!isThere && process.env.CI !== 'true')(`${name}${isThere ? '' : `, which needs ${needs}`}`, () => {
    beforeAll(() => {
      if (name === 'Go') for (const source of ['feed.go', 'live.go']) compileGo(go ?? 'go', source, build)
    })

    test('[RS1] its feed arrives event by event, and goes on behind the last id', async () => {
      const { port } = await start('feed')
      await expectFeed(`http://127.0.0.1:${port}/events`)
    })

    test('[ES4] its feed goes on behind the id in the query as well, which is where a replaced EventSource has it', async () => {
      const { port } = await start('feed')
      await expectFeed(`http://127.0.0.1:${port}/events`, { lastEventIdParam: 'lastEventId' })
    })

    test('where header and query differ, its feed goes on behind the id in the header', async () => {
      const { port } = await start('feed')

      expect(await firstFrames(port, '?lastEventId=0')).toContain('id: 1\n')
      expect(await firstFrames(port, '?lastEventId=0', { 'last-event-id': '1' })).not.toContain('id: 1\n')
    })

    test('an id that it never gave gets a stream, and ends neither the server nor its feed', async () => {
      const { port } = await start('feed')
      for (const id of ['99999', '-3', 'x'])
        await expectStatus(`http://127.0.0.1:${port}/events?lastEventId=${id}`, { 'last-event-id': id }, 200)
      await expectFeed(`http://127.0.0.1:${port}/events`)
    })

    test.each([
      ['a digit that is no number', '²'],
      ['more digits than any number has', '9'.repeat(5000)],
    ])('%s as an id gets a stream that goes on', async (_, id) => {
      const { port } = await start('feed')

      expect(await firstFrames(port, '', { 'last-event-id': id })).toContain('id: ')
      expect(await firstFrames(port, `?lastEventId=${encodeURIComponent(id)}`)).toContain('id: ')
    })

    test('its feed answers three hundred who come at once', async () => {
      const { port } = await start('feed')
      const answered = Array.from({ length: 300 }, () => firstFrames(port, ''))

      expect(await Promise.race([Promise.all(answered), delay(10_000)])).toHaveLength(300)
    })

    // Node does so by itself, after a minute, for which no test waits.
    if (name !== 'Node')
      test('who does not finish a request of its feed is let go', async () => {
        const { port } = await start('feed')
        const socket = connect(port, '127.0.0.1').resume()
        socket.write('GET /events HTTP/1.1\r\nHost: a\r\nX-')

        await once(socket, 'close')
      })

    test('its WebSockets greet, answer probes, and pass on what one says', async () => {
      const { port } = await start('live')
      await expectLive(`ws://127.0.0.1:${port}/live`)
    })

    test('its WebSockets pass on whatever is JSON, as it came, and close those that send anything else', async () => {
      const { port } = await start('live')
      const [speaker, reader] = await Promise.all([1, 2].map(() => openSocket(`ws://127.0.0.1:${port}/live`)))
      const frames = ['["chat",1]', '5', '"text"', '{"type":5, "at":1e400}', 'null']
      const heard: string[] = []
      reader?.on('message', (frame) => heard.push(`${frame}`))
      for (const frame of frames) speaker?.send(frame)
      await vi.waitFor(() => expect(heard).toEqual(frames), { interval: 10, timeout: 5000 })

      for (const frame of ['{"at":NaN}', '{']) {
        const stray = await openSocket(`ws://127.0.0.1:${port}/live`)
        const code = codeOfClose(stray)
        stray.send(frame)
        expect(await code).toBe(1007)
      }
      reader?.terminate()
      speaker?.terminate()
    })

    test('text that is no UTF-8 is passed on to nobody: it would end the connection of every browser', async () => {
      const { port } = await start('live')
      const [stray, speaker, reader] = await Promise.all([1, 2, 3].map(() => openSocket(`ws://127.0.0.1:${port}/live`)))
      const heard: string[] = []
      reader?.on('message', (frame) => heard.push(`${frame}`))
      const code = codeOfClose(stray as WebSocket)
      stray?.send(Buffer.from('"\xff\xfe"', 'latin1'), { binary: false })
      expect(await code).toBe(1007)
      speaker?.send('"still there"')

      await vi.waitFor(() => expect(heard).toEqual(['"still there"']), { interval: 10, timeout: 5000 })
      for (const socket of [speaker, reader]) socket?.terminate()
    })

    test('who asks without end and reads no answer is held back, or let go', async () => {
      const { port } = await start('live')
      const socket = await upgrade(port)
      const ping = '{"type":"ping"}'
      // Masked with zeros, as a client's frame has to be.
      const frame = Buffer.concat([Buffer.from([0x81, 0x80 | ping.length, 0, 0, 0, 0]), Buffer.from(ping)])
      const flood = Buffer.concat(Array.from({ length: 2_000_000 }, () => frame))
      const outcome = new Promise((resolve) => {
        socket.once('close', () => resolve('let go'))
        socket.write(flood, (error) => error || resolve('taken'))
      })

      expect(await Promise.race([outcome, delay(8000, 'held back')])).not.toBe('taken')
      socket.destroy()
    })

    test('a frame that is nested deeper than a stack ends nobody else', async () => {
      const { port } = await start('live')
      const [speaker, reader] = await Promise.all([1, 2].map(() => openSocket(`ws://127.0.0.1:${port}/live`)))
      speaker?.send(`${'['.repeat(16_000)}${']'.repeat(16_000)}`)
      const late = await openSocket(`ws://127.0.0.1:${port}/live`)
      const heard: string[] = []
      reader?.on('message', (frame) => heard.push(`${frame}`))
      late.send('"still there"')

      await vi.waitFor(() => expect(heard.at(-1)).toBe('"still there"'), { interval: 10, timeout: 5000 })
      for (const socket of [speaker, reader, late]) socket?.terminate()
    })

    test('its WebSockets are closed with 1001 when it is told to end, and it ends', async () => {
      const { port, stop } = await start('live')
      const sockets = await Promise.all([1, 2].map(() => openSocket(`ws://127.0.0.1:${port}/live`)))
      const codes = Promise.all(sockets.map(codeOfClose))
      await stop()

      expect(await codes).toEqual([1001, 1001])
    })

    test('who reads too slowly holds nobody else up, and is let go', async () => {
      const { port } = await start('live')
      const [slow, reader] = [
        await openSocket(`ws://127.0.0.1:${port}/live`),
        await openSocket(`ws://127.0.0.1:${port}/live`),
      ]
      slow.pause()
      const gone = codeOfClose(slow)
      let heard = 0
      reader.on('message', () => {
        heard += 1
      })
      const frame = JSON.stringify({ type: 'chat', data: 'x'.repeat(60_000) })
      for (let said = 1; said <= 600; said += 1) {
        reader.send(frame)
        await vi.waitFor(() => expect(heard).toBe(said), { interval: 1, timeout: 5000 })
      }
      slow.resume()

      expect(await gone).toBe(1006)
      reader.terminate()
    })

    test('the pages of others get no WebSocket', async () => {
      const { port } = await start('live')

      expect(await upgradeFrom('http://localhost:3000', port)).toBe(101)
      expect(await upgradeFrom('https://evil.example', port)).toBeGreaterThanOrEqual(400)
    })
  })
}

async function expectStatus(url: string, headers: Record<string, string>, status: number): Promise<void> {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  expect(response.status).toBe(status)
  abort.abort()
}

/** What the feed says at once to whoever asks so. */
async function firstFrames(port: number, query: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/events${query}`, { headers })
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    // What was kept comes right behind the first line, or the next event does.
    if (text.includes('id:')) break
  }
  return text
}
