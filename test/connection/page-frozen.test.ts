import { expect, test } from 'vitest'
import { givenOpen, givenRaw, givenSuspended, givenWaiting, live } from '../circumstances.ts'
import { givenOffline, givenRestoring, quietEnvironment, ways } from './resting.ts'

test.each(ways)('%s give the link up and open one anew, without a penalty or an error', (_, leave, comeBack) => {
  const { client, environment, told, transport } = givenOpen()
  leave(environment)
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen' })
  expect(live(transport.links)).toBe(0)
  // The listener to the page, and no timer.
  expect(environment.held).toBe(1)
  comeBack(environment)

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, false])
  expect(told.statuses).toEqual(['connecting', 'open', 'suspended', 'connecting'])
  expect(told.errors).toEqual([])
})

test.each(ways)('%s do not count a try that they have cut short', async (_, leave, comeBack) => {
  const { client, environment, link, told } = givenWaiting()
  await environment.advance(600)
  leave(environment)
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen', error: told.errors[0] })
  comeBack(environment)

  expect(client.state).toEqual({ status: 'connecting', attempt: 2, error: told.errors[0] })
  expect(link().request.attempt).toBe(2)
  expect(told.codes).toEqual(['unreachable'])
})

test.each(ways)('%s do not count a link that was open for a moment, nor forget the tries before', (_, ...way) => {
  const [leave, comeBack] = way
  const { client, environment, link } = givenWaiting({ reconnect: { maxAttempts: 3 } })
  client.onState(({ status }) => status === 'connecting' && link().open())
  environment.setOnline(true)
  for (let count = 0; count < 5; count += 1) {
    leave(environment)
    comeBack(environment)
  }
  link().end()

  expect(client.state).toMatchObject({ status: 'waiting', attempt: 3 })
})

test.each(ways)('%s after a stable link start with attempt 1', async (_, leave, comeBack) => {
  const { client, environment, link } = givenWaiting()
  await environment.advance(600)
  link().open()
  await environment.advance(5000)
  leave(environment)
  comeBack(environment)

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
})

test.each(ways)('%s turn a wait into one dial', async (_, leave, comeBack) => {
  const { client, environment, told, transport } = givenWaiting()
  leave(environment)
  expect(client.state).toEqual({ status: 'suspended', reason: 'frozen', error: told.errors[0] })
  await environment.advance(3_600_000)
  expect(transport.links).toHaveLength(1)
  comeBack(environment)

  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  expect(transport.links).toHaveLength(2)
})

test.each(ways)('%s replace a link that the browser was restoring', (_, leave, comeBack) => {
  const { client, environment, link, told, transport } = givenRestoring()
  const replaced = link()
  leave(environment)
  expect(replaced.closings).toBe(1)
  comeBack(environment)
  replaced.observer.opened()

  expect(client.state).toMatchObject({ status: 'connecting', error: { code: 'lost' } })
  expect(transport.links.map(({ closings }) => closings)).toEqual([1, 0])
  expect(told.codes).toEqual(['lost'])
})

test('[LC2][LC3] pagehide and freeze of one page give the link up once', () => {
  const { client, environment, link, told } = givenRaw()
  client.connect()
  link().observer.opened()
  environment.pageHide(true)
  environment.freeze()

  expect(told.statuses).toEqual(['connecting', 'open', 'suspended'])
  expect(link().closings).toBe(1)
})

test.each([
  ['resume, pageshow, visible and online', ['resume', 'pageShow', 'setVisible', 'setOnline']],
  ['visible, online, pageshow and resume', ['setVisible', 'setOnline', 'pageShow', 'resume']],
  ['online, resume, visible and pageshow', ['setOnline', 'resume', 'setVisible', 'pageShow']],
] as const)('[LC2][LC3] %s in one go make one dial', (_, news) => {
  const { environment, told, transport } = givenOpen()
  environment.setVisible(false)
  environment.setOnline(false)
  environment.pageHide(true)
  environment.freeze()
  for (const event of news) environment[event](true)

  expect(told.statuses).toEqual(['connecting', 'open', 'suspended', 'connecting'])
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, false])
})

test('[LC2][LC3] a link that has opened again is left alone by the news that come after', () => {
  const { client, environment, link, transport } = givenSuspended()
  environment.resume()
  link().open()
  environment.pageShow(true)
  environment.setOnline(true)

  expect(client.state.status).toBe('open')
  expect(live(transport.links)).toBe(1)
})

test('[LC3] a resume without visibilitychange dials', () => {
  const environment = quietEnvironment()
  const { client, transport } = givenOpen({ environment })
  environment.setVisible(false)
  environment.freeze()
  environment.setVisibleQuietly(true)
  environment.resume()

  expect(client.state.status).toBe('connecting')
  expect(transport.links).toHaveLength(2)
})

test('[LC3] a page that resumes hidden, and keeps its link when hidden, dials', () => {
  const { client, environment, transport } = givenOpen()
  environment.setVisible(false)
  environment.freeze()
  environment.resume()

  expect(client.state.status).toBe('connecting')
  expect(transport.links).toHaveLength(2)
})

test('[LC3] a page that is frozen again and again dials each time it goes on', () => {
  const { environment, told, transport } = givenOpen()
  for (let count = 0; count < 3; count += 1) {
    environment.freeze()
    environment.resume()
  }

  expect(transport.links).toHaveLength(4)
  expect(live(transport.links)).toBe(1)
  expect(told.errors).toEqual([])
})

test('[LC3] a page that was offline when it froze tries when it goes on, and rests when that fails', () => {
  const { client, environment, link, transport } = givenOffline()
  environment.freeze()
  environment.resume()
  expect(transport.links).toHaveLength(2)
  expect(client.state).toMatchObject({ status: 'connecting', attempt: 2 })
  link().end()

  expect(client.state).toMatchObject({ status: 'suspended', reason: 'offline' })
})

test('[LC2] a page that goes for good, or comes for the first time, changes nothing', () => {
  const { client, environment, transport } = givenOpen()
  const { state } = client
  environment.pageHide(false)
  environment.pageShow(false)

  expect(client.state).toBe(state)
  expect(transport.links).toHaveLength(1)
})
