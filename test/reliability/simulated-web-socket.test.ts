import { expect, test } from 'vitest'
import { createNetwork, type ServerBehavior } from './simulated-network.ts'
import { createSimulatedWebSocket } from './simulated-web-socket.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** A socket that is being dialed, and a list of its events with their times and the `readyState` that their listeners see. */
function givenDial(behavior: ServerBehavior = {}) {
  const log: string[] = []
  const clock = createVirtualClock((error) => log.push(`${error}`))
  const network = createNetwork(clock, behavior)
  const SimulatedWebSocket = createSimulatedWebSocket(() => ({ clock, network }))
  const socket = new SimulatedWebSocket('wss://server.test/live')
  for (const type of ['open', 'message', 'error', 'close']) {
    socket.addEventListener(type, (event) => {
      const { code, wasClean, data } = event as CloseEvent & MessageEvent
      const facts = type === 'close' ? ` ${code} ${wasClean ? 'clean' : 'unclean'}` : ''
      log.push(`${clock.now()} ${type}${facts}${type === 'message' ? ` ${data}` : ''}, state ${socket.readyState}`)
    })
  }
  return { clock, network, socket, log }
}

async function givenOpen(behavior: ServerBehavior = {}) {
  const all = givenDial(behavior)
  await all.clock.runUntil(100)
  all.log.length = 0
  return all
}

test('a dial is counted when it begins, and opens after a journey there and back', async () => {
  const { clock, network, socket, log } = givenDial()

  expect([network.dials, socket.readyState]).toEqual([[0], 0])
  await clock.runUntil(1000)
  expect(log).toEqual(['40 open, state 1'])
})

test('a refused dial says error, then close with 1006, and is closed at both', async () => {
  const { clock, log } = givenDial({ answer: () => 'refuse' })
  await clock.runUntil(1000)

  expect(log).toEqual(['40 error, state 3', '40 close 1006 unclean, state 3'])
})

test('promises settle between error and close', async () => {
  const { clock, socket, log } = givenDial({ answer: () => 'refuse' })
  socket.onerror = () => void Promise.resolve().then(() => log.push('promise'))
  await clock.runUntil(1000)

  expect(log.map((line) => line.split(',')[0])).toEqual(['40 error', 'promise', '40 close 1006 unclean'])
})

test('a swallowed dial ends only by the limit of the browser, though the network is well again', async () => {
  const { clock, log } = givenDial({ answer: (now) => (now < 1000 ? 'hang' : 'accept') })
  await clock.runUntil(600_000)

  expect(log).toEqual(['240000 error, state 3', '240000 close 1006 unclean, state 3'])
})

test('a dial that the page gives up says error and close at once, in tasks of their own', async () => {
  const { clock, socket, log } = givenDial({ answer: () => 'hang' })
  await clock.runUntil(100)
  socket.close()

  expect([socket.readyState, log]).toEqual([2, []])
  await clock.runUntil(600_000)
  expect(log).toEqual(['100 error, state 3', '100 close 1006 unclean, state 3'])
})

test('a server that closes at once is seen to open and then to close, with its code', async () => {
  const { clock, log } = givenDial({ accepted: (link) => link.close(4401) })
  await clock.runUntil(1000)

  expect(log).toEqual(['40 open, state 1', '40 close 4401 clean, state 3'])
})

test('a link that drops closes with 1006, without an error', async () => {
  const { clock, network, log } = await givenOpen()
  network.links[0]?.drop()
  await clock.runUntil(1000)

  expect(log).toEqual(['120 close 1006 unclean, state 3'])
})

test('a page that closes gets its own code back from the server', async () => {
  const { clock, socket, log } = await givenOpen()
  socket.close(4000)

  expect(socket.readyState).toBe(2)
  await clock.runUntil(600_000)
  expect(log).toEqual(['140 close 4000 clean, state 3'])
})

test('a silent link says nothing, and takes what is sent without a word', async () => {
  const { clock, network, socket, log } = await givenOpen()
  network.links[0]?.silence()
  socket.send('{"type":"ping"}')
  network.links[0]?.send('news')
  network.links[0]?.drop()
  await clock.runUntil(600_000)

  expect([socket.readyState, log]).toEqual([1, []])
})

test('a silent link that is asked to close does so after a minute', async () => {
  const { clock, network, socket, log } = await givenOpen()
  network.links[0]?.silence()
  socket.close()
  await clock.runUntil(600_000)

  expect(log).toEqual(['60100 close 1006 unclean, state 3'])
})

test('the server answers what it knows, in order', async () => {
  const { clock, socket, log } = await givenOpen()
  socket.send('{"type":"hello"}')
  socket.send('{"type":"subscribe"}')
  socket.send('{"type":"ping"}')
  await clock.runUntil(1000)

  expect(log).toEqual(['140 message {"type":"welcome"}, state 1', '140 message {"type":"pong"}, state 1'])
})

test('a server that does not reply is silent on the links of that time only', async () => {
  const { clock, socket, log } = await givenOpen({ replies: (acceptedAt) => acceptedAt > 1000 })
  socket.send('{"type":"ping"}')
  await clock.runUntil(1000)

  expect(log).toEqual([])
})

test('a socket that is being dialed cannot send', () => {
  expect(() => givenDial().socket.send('early')).toThrow('CONNECTING')
})
