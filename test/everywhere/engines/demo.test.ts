import { describe, expect, type TestContext, test } from 'vitest'
import type { Demo } from '../../../docs/demo/server.ts'
import { eventually } from '../../browser/eventually.ts'
import { useDemo } from '../../browser/use-demo.ts'
import { type Browser, eachEngine } from './each-engine.ts'
import { engineNames, type ObservedTab, type Profile, type Tab } from './engine.ts'

const feedInterval = 50

eachEngine(engineNames, (browser) => {
  test('the chat shows on both pages what is said on either, in one order, and complains about nothing', async (context) => {
    const { ana, bo } = await meet(context, browser)

    await say(ana, 'Is the ferry in?')
    await eventually(() => texts(bo)).toEqual(['Is the ferry in?'])
    await say(bo, 'Not yet.')
    await eventually(() => texts(ana)).toEqual(['Is the ferry in?', 'Not yet.'])

    expect(await bo.run(readMessages)).toEqual(await ana.run(readMessages))
    expect([await ana.complaints(), await bo.complaints()]).toEqual([[], []])
  })

  test('what is written in the chat while the server is stopped arrives once on both pages after its start, in order', async (context) => {
    const { ana, bo } = await meet(context, browser)
    await say(ana, 'before')
    await eventually(() => texts(bo)).toEqual(['before'])

    await press(bo, 'stop')
    for (const tab of [ana, bo]) await untilStatus(tab, 'waiting')
    for (const text of ['one', 'two', 'three']) await say(ana, text)
    expect(await texts(bo)).toEqual(['before'])
    await press(bo, 'start')

    for (const tab of [ana, bo]) await eventually(() => texts(tab)).toEqual(['before', 'one', 'two', 'three'])
    const messages = await ana.run(readMessages)
    expect(new Set(messages.map(({ id }) => id)).size).toBe(4)
    expect(await bo.run(readMessages)).toEqual(messages)
  })

  test('a restart of the server while both write loses nothing and doubles nothing', async (context) => {
    const { ana, bo } = await meet(context, browser)
    const written: string[] = []
    const write = async (when: string) => {
      for (const [name, tab] of Object.entries({ Ana: ana, Bo: bo })) {
        written.push(`${name} ${when}`)
        await say(tab, `${name} ${when}`)
      }
    }

    await write('before')
    await press(ana, 'restart')
    await write('at once')
    await untilStatus(ana, 'waiting')
    await write('meanwhile')
    for (const tab of [ana, bo]) await untilStatus(tab, 'open')
    await write('after')

    for (const tab of [ana, bo])
      await eventually(async () => [...(await texts(tab))].sort()).toEqual([...written].sort())
    const messages = await ana.run(readMessages)
    expect(new Set(messages.map(({ id }) => id)).size).toBe(written.length)
    expect(await bo.run(readMessages)).toEqual(messages)
  })

  test('a visitor who leaves the chat and opens it anew reads what was said meanwhile', async (context) => {
    const { demo, profile, ana, bo } = await meet(context, browser)
    await say(ana, 'first')
    await bo.close()
    await eventually(() => demo.sockets.status.webSockets).toBe(1)
    await say(ana, 'second')
    await eventually(() => texts(ana)).toEqual(['first', 'second'])

    const again = await join(profile, demo, 'Bo')

    await eventually(() => texts(again)).toEqual(['first', 'second'])
    expect(demo.sockets.status.webSockets).toBe(2)
  })

  describe.each([
    ['an EventSource', ''],
    ['a WebSocket', '?over=websocket'],
  ])('the feed over %s', (_transport, query) => {
    test('shows every event once, in order, and complains about nothing', async (context) => {
      const { tab } = await follow(context, browser, query)

      await untilId(tab, (await lastId(tab)) + 10)

      await expectWhole(tab)
      expect(await tab.complaints()).toEqual([])
    })

    test('goes on after a stop and a start of the server where it was', async (context) => {
      const { demo, tab } = await follow(context, browser, query)

      await press(tab, 'stop')
      await untilStatus(tab, 'waiting')
      const last = await lastId(tab)
      await press(tab, 'start')
      await untilStatus(tab, 'open')

      await untilId(tab, last + 10)
      await expectWhole(tab)
      expect(demo.sockets.status.webSockets + demo.sockets.status.eventStreams).toBe(1)
    })

    test('goes on after "Disconnect" and "Connect" where it was', async (context) => {
      const { demo, tab } = await follow(context, browser, query)

      await press(tab, 'toggle')
      await untilStatus(tab, 'closed')
      await eventually(() => demo.sockets.status.webSockets + demo.sockets.status.eventStreams).toBe(0)
      const last = await lastId(tab)
      await press(tab, 'toggle')
      await untilStatus(tab, 'open')

      await untilId(tab, last + 10)
      await expectWhole(tab)
    })
  })
})

/** Two visitors in one room. */
async function meet(context: TestContext, { openProfile }: Browser) {
  const demo = await useDemo(context)
  const profile = await openProfile(context)
  return { demo, profile, ana: await join(profile, demo, 'Ana'), bo: await join(profile, demo, 'Bo') }
}

async function join(profile: Profile, demo: Demo, name: string): Promise<ObservedTab> {
  const tab = await profile.openObserved(`${demo.url}chat.html`)
  await untilStatus(tab, 'open')
  await tab.run((visitor) => {
    const field = document.querySelector<HTMLInputElement>('#name')
    if (field) field.value = visitor
    document.querySelector<HTMLElement>('#join')?.click()
  }, name)
  await eventually(() =>
    tab.run(() => [...document.querySelectorAll('#people li')].map(({ textContent }) => textContent).join()),
  ).toMatch(new RegExp(name))
  return tab
}

/** A page on the feed, with its first events in. */
async function follow(context: TestContext, { openProfile }: Browser, query: string) {
  const demo = await useDemo(context, { feedInterval })
  const profile = await openProfile(context)
  const tab = await profile.openObserved(`${demo.url}feed.html${query}`)
  await eventually(async () => (await tab.run(readIds)).length).toBeGreaterThan(2)
  return { demo, tab }
}

function say(tab: Tab, words: string): Promise<void> {
  return tab.run((text) => {
    const field = document.querySelector<HTMLInputElement>('#text')
    if (field) field.value = text
    document.querySelector<HTMLElement>('#send')?.click()
  }, words)
}

function press(tab: Tab, button: 'stop' | 'start' | 'restart' | 'toggle'): Promise<void> {
  return tab.run((id) => document.querySelector<HTMLElement>(`#${id}`)?.click(), button)
}

function untilStatus(tab: Tab, status: string): Promise<void> {
  return eventually(() => tab.run(() => document.querySelector<HTMLElement>('.status')?.dataset.status)).toBe(status)
}

/** In the page: the messages that the server has confirmed, from top to bottom. */
function readMessages(): { id: string | undefined; text: string }[] {
  return [...document.querySelectorAll<HTMLElement>('#messages article.message:not([data-waiting])')].map((entry) => ({
    id: entry.dataset.id,
    text: entry.querySelector('p')?.textContent ?? '',
  }))
}

async function texts(tab: Tab): Promise<readonly string[]> {
  return (await tab.run(readMessages)).map(({ text }) => text)
}

/** In the page: the ids of the entries, from the first that came to the last. */
function readIds(): number[] {
  return [...document.querySelectorAll<HTMLElement>('#log li')].map(({ dataset }) => Number(dataset.id)).reverse()
}

async function lastId(tab: Tab): Promise<number> {
  return (await tab.run(readIds)).at(-1) ?? Number.NaN
}

function untilId(tab: Tab, id: number): Promise<void> {
  return eventually(async () => (await lastId(tab)) >= id).toBe(true)
}

/** The ids are consecutive numbers, and the page has come to the same result by its own count. */
async function expectWhole(tab: Tab): Promise<void> {
  const { ids, counted } = await tab.run(
    (read) => ({ ids: read, counted: ['#missing', '#repeated'].map((id) => document.querySelector(id)?.textContent) }),
    await tab.run(readIds),
  )
  const [first = Number.NaN] = ids

  expect(ids).toEqual(ids.map((_, index) => first + index))
  expect(counted).toEqual(['0', '0'])
}
