import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { receiveUpload, type UploadStore } from '../../docs/recipes/server/receive-upload.ts'
import { uploadFile } from '../../docs/recipes/upload-file.ts'
import { createClient, webSocket } from '../../src/index.ts'
import { listenTo, seeded } from '../circumstances.ts'
import { startLiveServer } from './live-server.ts'

const size = 2_000_003
const random = seeded(7)
const content = Uint8Array.from({ length: size }, () => 256 * random())

test('a file arrives as it is', async () => {
  const { client, uploaded } = await givenUploads()
  client.connect()
  await uploadFile(client, 'a', new Blob([content]))

  expect(hash(uploaded('a'))).toBe(hash(content))
})

test('an upload that begins before the link is there waits for it', async () => {
  const { client, uploaded } = await givenUploads()
  const upload = uploadFile(client, 'a', new Blob([content]))
  client.connect()
  await upload

  expect(hash(uploaded('a'))).toBe(hash(content))
})

test('an empty file is there at once', async () => {
  const { client, uploaded } = await givenUploads()
  client.connect()
  await uploadFile(client, 'a', new Blob([]))

  expect(uploaded('a')).toHaveLength(0)
})

test('an upload that is cut several times goes on where the server is, and arrives as it is', async () => {
  const cuts = [100_000, 500_000, 1_200_000, size]
  const all = await givenUploads((written) => {
    if (written < (cuts[0] ?? Infinity)) return
    cuts.shift()
    all.cut()
  })
  all.client.connect()
  await uploadFile(all.client, 'a', new Blob([content]))

  expect(hash(all.uploaded('a'))).toBe(hash(content))
  expect(all.told.codes).toEqual(['lost', 'lost', 'lost', 'lost'])
  // Nothing was sent for a second time but what was on its way.
  expect(all.written()).toBeLessThan(1.6 * size)
})

test('an upload that is stopped throws the reason, and sends no more', async () => {
  const stop = new AbortController()
  const { client, written } = await givenUploads(() => stop.abort('enough'))
  client.connect()
  await expect(uploadFile(client, 'a', new Blob([content]), stop.signal)).rejects.toBe('enough')
  await client.drained()
  client.reconnect()
  await client.opened()

  expect(written()).toBeLessThan(size)
})

test('an upload whose client is closed throws', async () => {
  const all = await givenUploads((written) => {
    if (written > 200_000) all.client.close()
  })
  all.client.connect()

  await expect(uploadFile(all.client, 'a', new Blob([content]))).rejects.toMatchObject({ code: 'aborted' })
})

/** A server with the recipe and a slow store, and a client of it. `wrote` hears how much of an upload there is. */
async function givenUploads(wrote: (bytes: number) => void = () => {}) {
  const files = new Map<string, Uint8Array>()
  const sockets = new Set<WebSocket>()
  let written = 0
  const store: UploadStore = {
    sizeOf: async (id) => files.get(id)?.length ?? 0,
    async write(id, at, piece) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      const before = files.get(id) ?? new Uint8Array()
      const after = new Uint8Array(Math.max(before.length, at + piece.length))
      after.set(before)
      after.set(piece, at)
      files.set(id, after)
      written += piece.length
      wrote(after.length)
    },
  }
  const { url } = await startLiveServer((server) => {
    new WebSocketServer({ server }).on('connection', (socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.terminate())
      receiveUpload(socket, store)
    })
  })
  const client = createClient(webSocket(url), { reconnect: { minDelay: 20, maxDelay: 50 } })
  onTestFinished(() => client.close())
  return {
    client,
    told: listenTo(client),
    uploaded: (id: string) => files.get(id) ?? new Uint8Array(),
    written: () => written,
    cut: () => {
      for (const socket of sockets) socket.terminate()
      sockets.clear()
    },
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
