/** What listeners do while a page is told about, and what a page tells while listeners are. */
import { expect, test } from 'vitest'
import { givenConnecting, givenOpen } from '../circumstances.ts'

test('[CN7] a listener that calls close() when it rests leaves nothing', () => {
  const { client, environment, told } = givenOpen()
  client.onState(({ status }) => status === 'suspended' && client.close())
  environment.freeze()

  expect(client.state.status).toBe('closed')
  expect(environment.held).toBe(0)
  expect(told.statuses.at(-1)).toBe('closed')
})

test('[CN7] a listener that calls connect() when it rests has one link', () => {
  const { client, environment, transport } = givenOpen()
  client.onState(({ status }) => status === 'suspended' && client.connect())
  environment.freeze()
  environment.resume()

  expect(client.state.status).toBe('connecting')
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, false])
})

test('[CN7] an abort listener that calls connect() when the link is given up has one link', () => {
  const { client, environment, link, transport } = givenOpen()
  link().request.signal.addEventListener('abort', () => client.connect())
  environment.freeze()

  expect(client.state.status).toBe('connecting')
  expect(transport.links.map(({ closed }) => closed)).toEqual([true, false])
})

test('[CN7] what a page tells while listeners are told of a state is heard after it', () => {
  const { client, environment, link } = givenConnecting()
  const heard: string[] = []
  client.onState(({ status }) => {
    if (status === 'open') environment.freeze()
  })
  client.onState(({ status }) => heard.push(status))
  link().open()

  expect(heard).toEqual(['open', 'suspended'])
})

test('[CN7][LC1] a rest that follows a failure at once is told in place of the wait', () => {
  const { client, environment, link } = givenConnecting()
  const told: [string, string][] = []
  client.onState((state, previous) => told.push([previous.status, state.status]))
  environment.setOnline(false)
  link().end()

  expect(told).toEqual([['waiting', 'suspended']])
})

test('[CN2][CN7] news of the page that come while a listener closes the client leave no timer', () => {
  const { client, environment, link } = givenConnecting({ lifecycle: { hidden: 1000 } })
  client.onState(({ status }) => {
    if (status !== 'open') return
    environment.setVisible(false)
    client.close()
  })
  link().open()

  expect(client.state.status).toBe('closed')
  expect(environment.held).toBe(0)
})
