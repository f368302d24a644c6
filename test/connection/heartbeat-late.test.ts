/** What `send` notices on a machine that has slept, and what only the timer may judge. */
import { expect, test } from 'vitest'
import { givenOpen } from '../circumstances.ts'
import { sleepingEnvironment } from '../sleeping-environment.ts'

const second = 1000

/** Passive, on a machine that has just slept an hour: the first `send` notices, the second one judges. */
function givenSendsAfterSleep() {
  const environment = sleepingEnvironment()
  const all = givenOpen({ environment, heartbeat: {} })
  environment.sleep(3600 * second)
  all.client.send('a')
  // A task that keeps the page busy: no timer and no message gets in.
  environment.sleep(1.1 * second)
  return { ...all, environment }
}

test('[HB4] two sends in one long task do not judge before waiting messages were let in', async () => {
  const { client, environment, link } = givenSendsAfterSleep()
  client.send('b')
  expect(client.state.status).toBe('open')
  link().receive('{}')
  await environment.advance(0)
  expect(client.state.status).toBe('open')
})

test('[CN7] an error listener that hears of a death noticed by send() sees the state it speaks of', () => {
  const { client } = givenSendsAfterSleep()
  const seen: string[] = []
  client.onError(() => seen.push(client.state.status))
  client.send('b')
  expect(seen).not.toContain('open')
})

test('[CN7] reconnect() from an error listener holds, when send() has noticed the death', () => {
  const { client, transport } = givenSendsAfterSleep()
  client.onError(() => client.reconnect())
  client.send('b')
  expect(['open', 'connecting']).toContain(client.state.status)
  expect(transport.links.at(-1)?.closed).toBe(false)
})
