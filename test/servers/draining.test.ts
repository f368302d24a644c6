import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket as PackagedWebSocket } from 'ws'
import { binary, createClient, webSocket } from '../../src/index.ts'
import { listenTo } from '../circumstances.ts'
import { until } from '../contract/until.ts'
import { startSlowSocketServer } from './slow-socket-server.ts'

const implementations = {
  "Node's own WebSocket": globalThis.WebSocket,
  'the package ws': PackagedWebSocket as unknown as typeof WebSocket,
}
const megabyte = 2 ** 20
const piece = new Uint8Array(megabyte)
/** How many pieces are sent: the system keeps less than half of them, at both ends. */
const pieces = 32

describe.each(Object.entries(implementations))('over %s', (_, WebSocket) => {
  async function givenSlow() {
    const server = await startSlowSocketServer()
    const client = createClient(webSocket(server.url, { WebSocket }), { codec: binary() })
    onTestFinished(() => client.close())
    const told = listenTo(client)
    client.connect()
    await client.opened()
    await server.connected()
    const pour = () => {
      for (let sent = 0; sent < pieces; sent += 1) client.send('message', piece)
    }
    return { client, server, told, pour }
  }

  test('[SQ5] bufferedAmount is what a server that does not read leaves behind, and goes down to 0', async () => {
    const { client, server, pour } = await givenSlow()
    pour()
    expect(client.bufferedAmount).toBeGreaterThan((pieces / 2) * megabyte)
    expect(server.read()).toBe(0)
    server.goOn()
    await until('all is read', () => server.read() === pieces * megabyte, 20_000)
    await until('nothing waits', () => client.bufferedAmount === 0)
  })

  test('[SQ5] drained waits for the server, resolves at below and at 0, in this order', async () => {
    const { client, server, pour } = await givenSlow()
    const order: string[] = []
    pour()
    const half = client.drained({ below: megabyte }).then(() => order.push('below'))
    const all = client.drained().then(() => order.push('all'))
    const clock = new Promise<void>((resolve) => setTimeout(resolve, 200)).then(() => order.push('still waiting'))
    await clock
    server.goOn()
    await Promise.all([half, all])

    expect(order).toEqual(['still waiting', 'below', 'all'])
    expect(client.bufferedAmount).toBe(0)
  })

  test('[SQ5] a sender that waits for drained has never more behind it than below and a piece', async () => {
    const { client, server, told } = await givenSlow()
    server.goOn()
    let most = 0
    for (let sent = 0; sent < pieces; sent += 1) {
      await client.drained({ below: megabyte })
      client.send('message', piece)
      most = Math.max(most, client.bufferedAmount)
    }
    await client.drained()
    await until('all is read', () => server.read() === pieces * megabyte, 20_000)

    expect(most).toBeLessThan(2 * megabyte + 1000)
    expect(told.errors).toEqual([])
  })

  test('[SQ5] close() while a server does not read rejects at once', async () => {
    const { client, pour } = await givenSlow()
    pour()
    const drained = client.drained()
    client.close()

    await expect(drained).rejects.toMatchObject({ code: 'aborted' })
    expect(client.bufferedAmount).toBe(0)
  })

  test('[SQ3] what is volatile is dropped while a server does not read, and goes out when it has caught up', async () => {
    const { client, server, pour } = await givenSlow()
    pour()
    expect(client.send('message', piece, { volatile: true })).toBe('dropped')
    server.goOn()
    await client.drained()

    expect(client.send('message', piece, { volatile: true })).toBe('sent')
    await until('it is read', () => server.read() === (pieces + 1) * megabyte, 20_000)
  })
})
