import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { fallback } from '../../src/transports/fallback.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { webSocket } from '../../src/transports/web-socket.ts'
import { observeClient } from '../contract/observed-client.ts'
import { seenBy } from '../contract/seen-by.ts'
import { serverPeer } from '../contract/server-peer.ts'

const origins = inject('origins')

/** A visit to a page whose proxy swallows upgrades and carries streams. */
function visit() {
  const swallowed = serverPeer(origins, '/ws/hang')
  const stream = serverPeer(origins, '/sse/frames', { frames: '["one"]' })
  const { client, ...rest } = observeClient(fallback([webSocket(swallowed.url), fetchStream(stream.url)]), {
    environment: undefined,
    openTimeout: 2000,
  })
  client.connect()
  return { swallowed, stream, client, ...rest }
}

describe('fallback in a browser', () => {
  test('[FB1][FB3][FB5] behind a proxy that swallows upgrades the stream carries, and the next visit begins with it', async () => {
    onTestFinished(() => localStorage.clear())
    const { swallowed, client, errors } = visit()
    await client.opened()

    expect(client.state).toMatchObject({ status: 'open', transport: 'fetch-stream' })
    expect(errors).toEqual([])
    await seenBy(swallowed, ({ dials, live }) => dials === 1 && live === 0)
    expect(Object.keys(localStorage)).toEqual([`holdfast fallback(websocket,fetch-stream) ${location.origin}`])

    const next = visit()
    await next.client.opened()
    expect(next.client.state).toMatchObject({ transport: 'fetch-stream' })
    expect(await next.swallowed.seen()).toMatchObject({ dials: 0 })
  })
})
