import { expect, test } from 'vitest'
import { codeThrownBy, given, givenConnecting, givenOpen, live, payloads } from '../circumstances.ts'
import { givenHidden, givenRestoring, quietEnvironment } from './resting.ts'

/** The link of a hidden page is kept for a second. */
const lifecycle = { hidden: 1000 }

test('[LC4] a page that is hidden for so long gives its link up', async () => {
  const { client, environment, link } = givenOpen({ lifecycle })
  environment.setVisible(false)
  await environment.advance(999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden' })
  expect(link().closed).toBe(true)
  // A listener to the page, and no timer.
  expect(environment.held).toBe(1)
})

test('[LC4] a page that is shown takes its link back, without a penalty or an error', async () => {
  const { client, environment, told, transport } = await givenHidden()
  await environment.advance(3_600_000)
  expect(transport.links).toHaveLength(1)
  environment.setVisible(true)

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(told.statuses).toEqual(['connecting', 'open', 'suspended', 'connecting'])
  expect(told.errors).toEqual([])
  expect(live(transport.links)).toBe(1)
})

test('[LC4] a short hide does nothing', async () => {
  const { environment, link, told } = givenOpen({ lifecycle })
  environment.setVisible(false)
  await environment.advance(999)
  environment.setVisible(true)
  await environment.advance(3_600_000)

  expect(told.statuses).toEqual(['connecting', 'open'])
  expect(link().closed).toBe(false)
})

test('[LC4] each hide has its own time', async () => {
  const { client, environment } = givenOpen({ lifecycle })
  for (let count = 0; count < 3; count += 1) {
    environment.setVisible(false)
    await environment.advance(900)
    environment.setVisible(true)
    // The time of the hide before is over within the next one.
    await environment.advance(50)
  }
  environment.setVisible(false)
  await environment.advance(999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state.status).toBe('suspended')
})

test('[LC4] a page that is hidden again gives the link up again', async () => {
  const { environment, link, told, transport } = await givenHidden()
  environment.setVisible(true)
  link().open()
  environment.setVisible(false)
  await environment.advance(1000)

  expect(told.statuses.slice(2)).toEqual(['suspended', 'connecting', 'open', 'suspended'])
  expect(live(transport.links)).toBe(0)
})

test('[LC4] a page that was hidden from the start has the same time', async () => {
  const all = given({ lifecycle })
  all.environment.setVisible(false)
  await all.environment.advance(5000)
  all.client.connect()
  all.link().open()
  await all.environment.advance(999)
  expect(all.client.state.status).toBe('open')
  await all.environment.advance(1)

  expect(all.client.state).toEqual({ status: 'suspended', reason: 'hidden' })
})

test('[LC4] a client that was never connected counts nothing', async () => {
  const { client, environment, told } = given({ lifecycle })
  environment.setVisible(false)
  await environment.advance(5000)

  expect(client.state.status).toBe('idle')
  expect(environment.held).toBe(0)
  expect(told.states).toEqual([])
})

test.each([
  ['keep', { lifecycle: { hidden: 'keep' } }],
  ['undefined', { lifecycle: { hidden: undefined } }],
  ['nothing', {}],
] as const)('[LC4] with hidden: %s a hidden page keeps its link', async (_, options) => {
  const { environment, link, told } = givenOpen(options)
  environment.setVisible(false)
  await environment.advance(3_600_000)
  environment.setVisible(true)

  expect(told.statuses).toEqual(['connecting', 'open'])
  expect(link().closed).toBe(false)
})

test('[LC4] hidden: 0 gives the link up as soon as the page is hidden', async () => {
  const { client, environment } = givenOpen({ lifecycle: { hidden: 0 } })
  environment.setVisible(false)
  await environment.advance(0)

  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden' })
})

test('[LC4] a try under way when the time is over is given up, uncounted', async () => {
  const { client, environment, link, told } = givenConnecting({ lifecycle })
  environment.setVisible(false)
  await environment.advance(1000)
  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden' })
  expect(link().closed).toBe(true)
  environment.setVisible(true)

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(told.errors).toEqual([])
})

test('[LC4] a wait when the time is over becomes a rest', async () => {
  const { client, environment, link, told, transport } = givenOpen({ lifecycle, reconnect: { minDelay: 10_000 } })
  environment.setVisible(false)
  link().end()
  await environment.advance(1000)
  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden', error: told.errors[0] })
  await environment.advance(60_000)
  expect(transport.links).toHaveLength(1)
  environment.setVisible(true)

  expect(client.state).toMatchObject({ status: 'connecting', error: { code: 'lost' } })
})

test('[LC4] a link that the browser restores is given up when the time is over', async () => {
  const { client, environment, link } = givenRestoring({ lifecycle })
  environment.setVisible(false)
  await environment.advance(1000)

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'hidden', error: { code: 'lost' } })
  expect(link().closings).toBe(1)
})

test('[LC4] a rest of a client that is offline becomes one of a hidden page', async () => {
  const { client, environment, link } = givenOpen({ lifecycle })
  environment.setVisible(false)
  environment.setOnline(false)
  link().end()
  await environment.advance(1000)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'hidden' })
  environment.setOnline(true)
  expect(client.state).toMatchObject({ status: 'suspended', reason: 'hidden' })
  environment.setVisible(true)

  expect(client.state.status).toBe('connecting')
})

test('[LC4] what was queued meanwhile goes out when the page is shown', async () => {
  const { client, environment, link } = await givenHidden()
  expect(client.send('note', 1)).toBe('queued')
  environment.setVisible(true)
  link().open()

  expect(payloads(link().sent)).toEqual([1])
})

test.each(['connect', 'reconnect'] as const)('[LC4] %s() while hidden dials', async (call) => {
  const { client, transport } = await givenHidden()
  client[call]()

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(2)
})

test('[LC4] a page that was shown without a word keeps its link', async () => {
  const environment = quietEnvironment()
  const { client } = givenOpen({ environment, lifecycle })
  environment.setVisible(false)
  environment.setVisibleQuietly(true)
  await environment.advance(1000)

  expect(client.state.status).toBe('open')
})

test('[CN2][LC4] close() within the time leaves no timer', async () => {
  const { client, environment } = givenOpen({ lifecycle })
  environment.setVisible(false)
  client.close()
  expect(environment.held).toBe(0)
  await environment.advance(1000)

  expect(client.state.status).toBe('closed')
})

test.each([['x'], [-1], [Number.NaN], [true], [null], [{}]])(
  '[LC4][TR7] hidden: %s throws invalid-config there and then',
  (hidden) => {
    expect(codeThrownBy(() => given({ lifecycle: { hidden: hidden as never } }))).toBe('invalid-config')
  },
)
