import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startDemo } from '../../docs/demo/server.ts'

test('the board tells a newcomer where everything is, and everybody else what moves', async () => {
  const { connect } = await givenDemo()
  const ana = await connect('board')
  const bo = await connect('board')
  ana.send('move', { name: 'Halcyon', x: 50, y: 60 })
  await expect.poll(() => bo.heard('moved')).toEqual([{ who: 'Skipper 1', name: 'Halcyon', x: 50, y: 60 }])

  const cy = await connect('board')
  await expect.poll(() => cy.heard('board')).toHaveLength(1)
  expect(JSON.stringify(cy.heard('board'))).toContain('{"name":"Halcyon","x":50,"y":60}')
  expect(ana.heard('moved')).toEqual([])
})

test.each([
  ['move', { name: 'Nobody', x: 1, y: 1 }],
  ['move', { name: 'Halcyon', x: -1, y: 1 }],
  ['move', { name: 'Halcyon', x: '1', y: 1 }],
  ['move', null],
  ['sink', { name: 'Halcyon', x: 1, y: 1 }],
])('the board is not impressed by %s %j', async (type, data) => {
  const { connect } = await givenDemo()
  const ana = await connect('board')
  const bo = await connect('board')
  ana.send(type, data)
  ana.sendRaw('null')
  ana.sendRaw('{')
  ana.send('pointer', { x: 1, y: 2 })
  await expect.poll(() => bo.heard('pointer')).toEqual([{ who: 'Skipper 1', x: 1, y: 2 }])

  expect(bo.heard('moved')).toEqual([])
})

test('the board tells who has left', async () => {
  const { connect } = await givenDemo()
  const ana = await connect('board')
  const bo = await connect('board')
  ana.close()

  await expect.poll(() => bo.heard('left')).toEqual([{ who: 'Skipper 1' }])
})

test('tabs hear how many connections there are, whenever that changes or one of them asks', async () => {
  const { connect } = await givenDemo()
  const first = await connect('tabs')
  const second = await connect('tabs')
  await expect.poll(() => first.heard('connections').at(-1)).toEqual({ now: 2, total: 2 })
  second.close()
  await expect.poll(() => first.heard('connections').at(-1)).toEqual({ now: 1, total: 2 })

  const told = first.heard('connections').length
  first.send('count')
  await expect.poll(() => first.heard('connections').length).toBe(told + 1)
})

test('a link that takes over gets what followed its last id, and what is sent again under its key is heard once', async () => {
  const { connect } = await givenDemo()
  const first = await connect('tabs')
  for (const key of ['a', 'a', 'b', 'c']) first.send('say', { key, from: 'Tab 1', text: key })
  await expect.poll(() => first.heard('said')).toEqual(['a', 'b', 'c'].map((text) => ({ from: 'Tab 1', text })))

  const next = await connect(`tabs?since=${first.ids()[0]}`)
  await expect.poll(() => next.heard('said').length).toBe(2)
  expect(next.ids()).toEqual(first.ids().slice(1))
})

test('the bell strikes with consecutive numbers', async () => {
  const { connect } = await givenDemo(5)
  const tab = await connect('tabs')
  await expect.poll(() => tab.heard('bell').length).toBeGreaterThan(10)

  expect(tab.ids().map((id) => Number(id.split('-')[1]))).toEqual(tab.ids().map((_, index) => index + 1))
})

async function givenDemo(bellInterval = 1_000_000) {
  const demo = await startDemo({ bellInterval })
  onTestFinished(() => demo.close())

  const connect = async (path: string) => {
    const socket = new WebSocket(`${demo.url.replace('http:', 'ws:')}${path}`)
    const frames: { readonly type: string; readonly data: unknown; readonly id?: string }[] = []
    socket.on('message', (frame) => frames.push(JSON.parse(`${frame}`)))
    await once(socket, 'open')
    return {
      heard: (type: string) => frames.filter((frame) => frame.type === type).map(({ data }) => data),
      ids: () => frames.flatMap(({ id }) => (id === undefined ? [] : [id])),
      send: (type: string, data?: unknown) => socket.send(JSON.stringify({ type, data })),
      sendRaw: (frame: string) => socket.send(frame),
      close: () => socket.close(),
    }
  }
  return { connect }
}
