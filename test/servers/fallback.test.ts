import { describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { FallbackOptions } from '../../src/transports/experience.ts'
import { fallback } from '../../src/transports/fallback.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { until } from '../contract/until.ts'
import { fakeStorage } from '../transports/falling-back.ts'
import { type Manner, startBlockingProxy } from './blocking-proxy.ts'
import { holdClient } from './held-client.ts'
import { startLiveServer } from './live-server.ts'

/** A server that says 'news' on every link after `silence`, and counts its links; before it a proxy, and clients of both. */
async function givenProxy(manner: Manner, silence = 0) {
  const notes: string[] = []
  const { origin } = await startLiveServer(
    (server) => {
      const sockets = new WebSocketServer({ server, path: '/live' })
      sockets.on('connection', (socket) => {
        socket.on('message', (frame) => notes.push(JSON.parse(`${frame}`).data))
        setTimeout(() => socket.send('{"type":"news","data":"here"}'), silence)
      })
    },
    (request, response) => {
      if (request.method === 'POST') {
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          notes.push(JSON.parse(body).data)
          response.writeHead(204).end()
        })
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      setTimeout(() => response.write('event: news\ndata: "here"\n\n'), silence)
    },
  )
  const proxy = await startBlockingProxy(origin, manner)

  function visit(options: FallbackOptions = { storage: false }) {
    const list = fallback(
      [
        webSocket(`${proxy.origin}/live`),
        withUpstream(fetchStream(`${proxy.origin}/events`), `${proxy.origin}/messages`),
      ],
      options,
    )
    const held = holdClient(list, { openTimeout: 4000 })
    const carriers: string[] = []
    held.client.on('news', (_, { transport }) => carriers.push(transport))
    held.client.connect()
    const heard = (count = 1) => until('news', () => carriers.length >= count)
    return { ...held, carriers, heard }
  }
  return { proxy, visit, notes }
}

describe('over real connections', { timeout: 60_000 }, () => {
  test('[FB1] where nothing is blocked, the WebSocket carries', async () => {
    const { visit, notes } = await givenProxy('pass')
    const { client, carriers, heard, told } = visit()
    await heard()
    client.send('note', 'one')
    await until('the note', () => notes.length > 0)

    expect(carriers).toEqual(['websocket'])
    expect(told.errors).toEqual([])
  })

  const blocking: readonly Manner[] = ['refuse', 'answer 502', 'swallow']

  test.for(blocking)('[FB1] behind a proxy that would %s, the stream carries, both ways', async (manner) => {
    const { visit, notes } = await givenProxy(manner)
    const { client, carriers, heard, told } = visit()
    client.send('note', 'one')
    await heard()
    await until('the note', () => notes.length > 0)

    expect(carriers).toEqual(['fetch-stream'])
    expect(client.state).toMatchObject({ transport: 'fetch-stream' })
    expect(told.statuses).toEqual(['connecting', 'open'])
    expect(told.errors).toEqual([])
    expect(notes).toEqual(['one'])
  })

  test('[FB3] the next visit does not wait for a proxy that swallows', async () => {
    const { visit } = await givenProxy('swallow')
    const storage = fakeStorage()
    await visit({ storage }).heard()
    const begin = performance.now()
    const { carriers, heard } = visit({ storage })
    await heard()

    expect(carriers).toEqual(['fetch-stream'])
    // The first visit has waited for two.
    expect(performance.now() - begin).toBeLessThan(1500)
  })

  test('[FB1] behind a proxy that cuts WebSockets before they have said anything, the stream carries after three', async () => {
    const { visit } = await givenProxy('cut after a second', 1500)
    const { carriers, heard, told } = visit()
    await until('three losses', () => told.codes.length === 3)
    await heard()

    expect(carriers).toEqual(['fetch-stream'])
    expect(told.codes).toEqual(['lost', 'lost', 'lost'])
  })

  test('[FB2] a server that restarts demotes nothing', async () => {
    const { proxy, visit } = await givenProxy('pass')
    const { carriers, heard, reached, told } = visit()
    await heard()
    proxy.manner = 'down'
    proxy.breakAll()
    await until('two failed attempts', () => told.codes.filter((code) => code === 'unreachable').length > 1)
    proxy.manner = 'pass'
    await heard(2)
    await reached('open')

    expect(carriers).toEqual(['websocket', 'websocket'])
  })

  test('[FB2] a captive portal demotes nothing and closes nothing', async () => {
    const { proxy, visit } = await givenProxy('portal')
    const { carriers, heard, told } = visit()
    await until('two failed attempts', () => told.codes.length > 1)
    proxy.manner = 'pass'
    await heard()

    expect(carriers).toEqual(['websocket'])
    expect(new Set(told.codes)).toEqual(new Set(['unreachable']))
  })
})
