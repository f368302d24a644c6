/** A page that gives its link up when hidden, and that the browser stops besides. */
import { expect, test } from 'vitest'
import { givenOpen } from '../circumstances.ts'
import { givenHidden, quietEnvironment } from './resting.ts'

/** The link of a hidden page is kept for a second. */
const lifecycle = { hidden: 1000 }

test('[LC3][LC4] a page that froze after the time was over rests until it is shown', async () => {
  const { client, environment, transport } = await givenHidden()
  environment.freeze()
  environment.resume()
  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden' })
  expect(transport.links).toHaveLength(1)
  environment.setVisible(true)

  expect(client.state).toEqual({ status: 'connecting', attempt: 1 })
  expect(transport.links).toHaveLength(2)
})

test('[LC3][LC4] a page that froze after the time was over, and resumes shown without a word, dials', async () => {
  const environment = quietEnvironment()
  const { client, transport } = await givenHidden({ environment })
  environment.freeze()
  environment.setVisibleQuietly(true)
  environment.resume()

  expect(client.state.status).toBe('connecting')
  expect(transport.links).toHaveLength(2)
})

test('[LC3][LC4] a page that froze before the time was over, and is shown before it resumes, dials once', async () => {
  const { client, environment, transport } = givenOpen({ lifecycle })
  environment.setVisible(false)
  await environment.advance(500)
  environment.freeze()
  environment.setVisible(true)
  environment.resume()
  await environment.advance(3000)

  expect(client.state.status).toBe('connecting')
  expect(transport.links).toHaveLength(2)
})

test('[LC2][LC4] a page that comes out of the cache hidden is shown to take its link back', async () => {
  const { client, environment, transport } = await givenHidden()
  environment.pageHide(true)
  environment.pageShow(true)
  environment.setVisible(true)

  expect(client.state.status).toBe('connecting')
  expect(transport.links).toHaveLength(2)
})

test('[LC3][LC4] a page that resumes hidden before the time is over takes its link back for the rest of it', async () => {
  const { client, environment, link } = givenOpen({ lifecycle })
  environment.setVisible(false)
  await environment.advance(400)
  environment.freeze()
  environment.resume()
  expect(client.state.status).toBe('connecting')
  link().open()
  await environment.advance(599)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state).toEqual({ status: 'suspended', reason: 'hidden' })
})

test('[LC4] an open link of a page that is hidden for a short time survives a resume without a freeze', async () => {
  const { client, environment } = givenOpen({ lifecycle })
  environment.setVisible(false)
  await environment.advance(400)
  environment.resume()

  expect(client.state.status).toBe('open')
})
