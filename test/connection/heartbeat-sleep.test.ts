import { expect, test } from 'vitest'
import { givenBeating, givenPassive, givenProbed } from './beating.ts'

type Given = ReturnType<typeof givenBeating>

const hour = 3_600_000

/** Arrives right behind the timer that is the next to fire, as what has waited for the machine to wake up does. */
function arriveBehind({ environment, hear }: Given, ms: number): void {
  environment.setTimer(hear, ms)
}

test('[HB4] a timer that fires late first lets in what has waited', async () => {
  const all = givenPassive()
  arriveBehind(all, 35_000)
  all.environment.sleep(hour)
  await all.environment.advance(35_000)
  expect(all.client.state.status).toBe('open')
  await all.environment.advance(34_999)
  expect(all.client.state.status).toBe('open')
  await all.environment.advance(1)

  expect(all.client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB4] a timer that fires late lets in the answer to its probe', async () => {
  const all = await givenProbed()
  arriveBehind(all, 5000)
  all.environment.sleep(hour)
  await all.environment.advance(5000)

  expect(all.client.state.status).toBe('open')
  expect(all.link().sent).toHaveLength(1)
  await all.environment.advance(29_999)
  expect(all.link().sent).toHaveLength(1)
  await all.environment.advance(1)

  expect(all.link().sent).toHaveLength(2)
})

test('[HB4] a timer that fires late does not probe a link that has something to say', async () => {
  const all = givenBeating()
  arriveBehind(all, 30_000)
  all.environment.sleep(hour)
  await all.environment.advance(30_000)

  expect(all.link().sent).toEqual([])
})

test('[HB4] a link that cannot be probed and had nothing to say is given up when the late timer fires', async () => {
  const { environment, client, told } = givenPassive()
  environment.sleep(hour)
  await environment.advance(35_000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
  expect(told.codes).toEqual(['silent'])
})

test.each([1, 50, 1000])('[HB4] a timer that fires %i ms late lets in what has waited, too', async (lateness) => {
  const passive = givenPassive()
  const probed = await givenProbed()
  for (const [all, ms] of [
    [passive, 35_000],
    [probed, 5000],
  ] as const) {
    arriveBehind(all, ms)
    all.environment.sleep(lateness)
    await all.environment.advance(ms)
    expect(all.client.state.status).toBe('open')
  }

  expect(probed.link().sent).toHaveLength(1)
})

test('[HB4] a timer that was a little late, behind which nothing came, gives the probe no second chance', async () => {
  const { environment, client, link } = await givenProbed()
  environment.sleep(1000)
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
  expect(link().sent).toHaveLength(1)
})

test('[HB4] silence is the time since the last sign, not the sum of timers', async () => {
  const { environment, link, hear } = givenBeating()
  environment.sleep(20_000)
  hear()
  environment.sleep(20_000)
  await environment.advance(30_000)

  // 50 s after the sign, by a timer that was 40 s late.
  expect(link().sent).toHaveLength(1)
})

test('[HB4] a clock that is set back does not count as hearing', async () => {
  const { environment, link, client } = givenBeating()
  environment.sleep(-hour)
  await environment.advance(60_000)
  expect(link().sent).toHaveLength(1)
  await environment.advance(5000)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB5] a sleep is noticed at the next timer, and the link is probed before it is replaced', async () => {
  const { environment, link, client } = givenBeating()
  environment.sleep(hour)
  await environment.advance(30_000)
  expect(link().sent).toHaveLength(1)
  await environment.advance(4999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
  expect(link().sent).toHaveLength(1)
})

const notices: readonly [string, (all: Given) => void][] = [
  ['the page is hidden or shown', ({ environment }) => environment.setVisible(environment.isHidden())],
  ['the page is online', ({ environment }) => environment.setOnline(true)],
  ['the page is offline', ({ environment }) => environment.setOnline(false)],
  ['the page resumes', ({ environment }) => environment.resume()],
  ['the page is restored', ({ environment }) => environment.pageShow(true)],
  ['something is sent', ({ client }) => client.send('note')],
]

function probesOf({ link }: Given): number {
  return link().sent.filter((frame) => String(frame).includes('ping')).length
}

test.each(notices)('[HB5] a sleep is noticed when %s, and the link is probed, once', async (_, notice) => {
  const all = givenBeating()
  all.environment.sleep(hour)
  notice(all)
  await all.environment.advance(0)
  expect(probesOf(all)).toBe(1)
  notice(all)
  await all.environment.advance(4999)
  expect(probesOf(all)).toBe(1)
  expect(all.client.state.status).toBe('open')
  await all.environment.advance(1)

  expect(all.told.codes).toEqual(['silent'])
})

test.each(notices)('[HB5] a sleep that is noticed when %s lets in what has waited', async (_, notice) => {
  const all = givenPassive()
  all.environment.sleep(hour)
  notice(all)
  all.hear()
  await all.environment.advance(34_999)

  expect(all.client.state.status).toBe('open')
})

test.each(notices)('[HB5] a link that answers after a sleep stays when %s', async (_, notice) => {
  const all = givenBeating()
  const { held } = all.environment
  all.environment.sleep(hour)
  notice(all)
  await all.environment.advance(0)
  all.hear()
  await all.environment.advance(29_999)

  expect(all.client.state.status).toBe('open')
  expect(probesOf(all)).toBe(1)
  expect(all.environment.held).toBe(held)
})

test.each(notices.filter(([notice]) => !notice.includes('offline')))(
  '[HB5] without a sleep nothing is probed when %s',
  async (_, notice) => {
    const all = givenBeating()
    await all.environment.advance(29_000)
    for (let count = 0; count < 3; count += 1) notice(all)
    await all.environment.advance(999)

    expect(probesOf(all)).toBe(0)
  },
)

test('[HB5] a link that cannot be probed is given up soon after a sleep is noticed', async () => {
  const { environment, client } = givenPassive()
  environment.sleep(hour)
  expect(client.send('note')).toBe('sent')
  await environment.advance(0)

  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB5] a probe that may have been lost in sleep is sent again before the link is replaced', async () => {
  const { environment, link, client } = await givenProbed()
  environment.sleep(hour)
  await environment.advance(5000)
  expect(link().sent).toHaveLength(2)
  await environment.advance(4999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state.status).toBe('waiting')
  expect(link().sent).toHaveLength(2)
})

test('[HB5] a machine that sleeps after each probe does not keep a dead link for ever', async () => {
  const { environment, link, client } = await givenProbed()
  for (let count = 0; count < 2; count += 1) {
    environment.sleep(hour)
    await environment.advance(5000)
  }

  expect(link().sent).toHaveLength(2)
  expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'silent' } })
})

test('[HB5] a link that has answered after one sleep is probed twice after the next', async () => {
  const all = await givenProbed()
  all.environment.sleep(hour)
  await all.environment.advance(5000)
  all.hear()
  await all.environment.advance(30_000)
  expect(all.link().sent).toHaveLength(3)
  all.environment.sleep(hour)
  await all.environment.advance(5000)

  expect(all.link().sent).toHaveLength(4)
  expect(all.client.state.status).toBe('open')
})

test('[HB4] a link that cannot be probed is judged by the clock, where its timer was a little late', async () => {
  const { environment, client } = givenPassive()
  environment.sleep(900)
  await environment.advance(34_999)
  expect(client.state.status).toBe('open')
  await environment.advance(1)

  expect(client.state.status).toBe('waiting')
})

test('[HB4] a late timer lets in what has waited also where the link before was late', async () => {
  const all = givenPassive()
  all.environment.sleep(hour)
  all.client.send('note')
  all.client.reconnect()
  all.link().observer.opened()
  arriveBehind(all, 35_000)
  all.environment.sleep(hour)
  await all.environment.advance(35_000)

  expect(all.client.state.status).toBe('open')
})
