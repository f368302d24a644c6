import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Demo, startDemo } from '../../docs/demo/server.ts'
import { readEvents } from '../../src/sse/index.ts'

test('a frozen server keeps its connections, and sends nothing until it goes on', async () => {
  const { demo, connect } = await givenDemo()
  const { socket, frames } = await connect('board')
  await expect.poll(() => frames.length).toBe(1)
  demo.sockets.freeze()

  socket.send('{"type":"ping","data":1}')
  await answersOf(demo)
  expect(frames).toHaveLength(1)
  expect(demo.sockets.status).toEqual({ state: 'frozen', webSockets: 1, eventStreams: 0 })

  demo.sockets.start()
  await expect.poll(() => frames.at(-1)).toBe('{"type":"pong","data":1}')
})

test('what a frozen server would have sent comes when it goes on, in order and once', async () => {
  const { demo } = await givenDemo()
  const ids: number[] = []
  const answer = await fetch(`${demo.url}feed`)
  const reading = (async () => {
    for await (const { id } of readEvents(answer)) ids.push(Number(id))
  })().catch(() => {})
  await expect.poll(() => ids.length).toBeGreaterThan(2)

  demo.sockets.freeze()
  await answersOf(demo)
  const before = ids.length
  await answersOf(demo)
  expect(ids).toHaveLength(before)
  demo.sockets.start()
  await expect.poll(() => ids.length).toBeGreaterThan(before + 20)

  expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index))
  await demo.close()
  await reading
})

test('who comes to a frozen server waits, and is let in when it goes on', async () => {
  const { demo } = await givenDemo()
  demo.sockets.freeze()
  const opened: string[] = []
  const socket = new WebSocket(`${demo.url.replace('http:', 'ws:')}board`)
  const opening = once(socket, 'open').then(() => opened.push('socket'))
  const answering = fetch(`${demo.url}notifications`).then(({ body }) => {
    opened.push('stream')
    return body?.cancel()
  })
  // The pages and the control are not frozen, and answer meanwhile.
  for (const path of ['', 'control']) expect((await fetch(`${demo.url}${path}`)).status).toBe(200)
  expect(opened).toEqual([])

  demo.sockets.start()
  await Promise.all([opening, answering])
  expect(opened.sort()).toEqual(['socket', 'stream'])
})

test.each(['stop', 'restart'] as const)('%s ends what is frozen, and what waits to come in', async (move) => {
  const { demo, connect } = await givenDemo()
  const { socket } = await connect('board')
  const closed = once(socket, 'close')
  demo.sockets.freeze()
  const waiting = fetch(`${demo.url}notifications`)
  await expect.poll(() => demo.sockets.status.state).toBe('frozen')
  // It has arrived once an answer to a later one is there.
  await fetch(`${demo.url}control`)

  if (move === 'stop') demo.sockets.stop()
  else demo.sockets.restart(60_000)
  await expect(waiting).rejects.toThrow()
  expect((await closed)[0]).toBe(1012)
})

test('what does not run cannot freeze', async () => {
  const { demo } = await givenDemo()
  demo.sockets.stop()
  const answer = await fetch(`${demo.url}control/freeze`, { method: 'POST' })

  expect(await answer.json()).toMatchObject({ state: 'stopped' })
})

async function givenDemo() {
  const demo = await startDemo({ feedInterval: 5 })
  onTestFinished(() => demo.close())
  const connect = async (path: string) => {
    const socket = new WebSocket(`${demo.url.replace('http:', 'ws:')}${path}`)
    const frames: string[] = []
    socket.on('message', (frame) => frames.push(`${frame}`))
    await once(socket, 'open')
    return { socket, frames }
  }
  return { demo, connect }
}

/** The control is not frozen: several answers of it, one after another, have had the time in which others would have come. */
async function answersOf(demo: Demo): Promise<void> {
  for (let n = 0; n < 10; n += 1) await (await fetch(`${demo.url}control`)).text()
}
