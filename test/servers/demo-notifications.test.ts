import { expect, onTestFinished, test } from 'vitest'
import { createNotices, mostNotices } from '../../docs/demo/notices.ts'
import { startDemo } from '../../docs/demo/server.ts'
import { readEvents, type SseEvent } from '../../src/sse/index.ts'

/** Nothing comes while a test runs. */
const noticeInterval = 1_000_000_000
const newest = Math.floor(Date.now() / noticeInterval)

test('a first visit brings the marks and the newest five', async () => {
  const { follow } = await givenDemo()
  const events = await follow(6)

  expect(events[0]).toMatchObject({ event: 'marks', id: '', data: JSON.stringify({ upTo: newest - 3, also: [] }) })
  expect(events.slice(1).map(({ id }) => Number(id))).toEqual([4, 3, 2, 1, 0].map((back) => newest - back))
})

test('whoever comes back gets what follows the last id', async () => {
  const { follow } = await givenDemo()
  const events = await follow(3, { 'last-event-id': `${newest - 2}` })

  expect(events.slice(1).map(({ id }) => Number(id))).toEqual([newest - 1, newest])
})

test.each(['x', '-1', `${newest + 1000}`])('with the foreign id %j it is a first visit', async (id) => {
  const { follow } = await givenDemo()
  const events = await follow(2, { 'last-event-id': id })

  expect(Number(events[1]?.id)).toBe(newest - 4)
})

test('what is posted as read, everybody hears, who comes later too', async () => {
  const { follow, post } = await givenDemo()
  const here = follow(7)
  expect(await post({ type: 'read', data: { numbers: [newest] } })).toBe(204)
  expect(await post({ type: 'read', data: { numbers: [newest] } })).toBe(204)
  const marks = { upTo: newest - 3, also: [newest] }

  expect((await follow(1))[0]?.data).toBe(JSON.stringify(marks))
  expect((await here).filter(({ event }) => event === 'marks').at(-1)?.data).toBe(JSON.stringify(marks))
})

test.each([
  null,
  [],
  { type: 'write' },
  { type: 'read' },
  { type: 'read', data: { numbers: 'all' } },
  { type: 'read', data: { numbers: [1.5] } },
  { type: 'read', data: { numbers: Array(mostNotices + 1).fill(1) } },
])('%j is no message', async (body) => {
  const { post } = await givenDemo()

  expect(await post(body)).toBe(400)
})

test('a page of another origin may not mark anything', async () => {
  const { post } = await givenDemo()

  expect(await post({ type: 'ping' }, { origin: 'http://example.com' })).toBe(403)
})

test('marks that follow each other become one, and those of old ones are forgotten', () => {
  let now = 1000
  const notices = createNotices(1, () => now)
  notices.read([1000, 998, 999])
  expect(notices.marks).toEqual({ upTo: 1000, also: [] })

  now += 2 * mostNotices
  notices.read([1001, now])
  expect(notices.marks).toEqual({ upTo: now - mostNotices, also: [now] })
})

test('nobody can mark what is not there yet', () => {
  const notices = createNotices(1, () => 1000)
  let heard = 0
  notices.onMarks(() => {
    heard += 1
  })
  notices.read([1001, 5000])

  expect([notices.marks.also, heard]).toEqual([[], 0])
})

async function givenDemo() {
  const demo = await startDemo({ noticeInterval })
  onTestFinished(() => demo.close())
  const url = `${demo.url}notifications`
  const follow = async (count: number, headers: Record<string, string> = {}) => {
    const events: SseEvent[] = []
    for await (const event of readEvents(await fetch(url, { headers }))) {
      events.push(event)
      if (events.length === count) break
    }
    return events
  }
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
    return (await fetch(url, { ...request, body: JSON.stringify(body) })).status
  }
  return { follow, post }
}
