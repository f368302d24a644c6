import { describe, expect, type TestContext, test } from 'vitest'
import type { Demo } from '../../../docs/demo/server.ts'
import { eventually } from '../../browser/eventually.ts'
import { useDemo } from '../../browser/use-demo.ts'
import { type Browser, eachEngine } from './each-engine.ts'
import { engineNames, type Tab } from './engine.ts'

const feedInterval = 50
const bellInterval = 50

eachEngine(engineNames, (browser) => {
  test('the chat shows on both pages what is said on either, in one order, and complains about nothing', async (context) => {
    const { ana, bo, complaints } = await meet(context, browser)

    await say(ana, 'Is the ferry in?')
    await eventually(() => texts(bo)).toEqual(['Is the ferry in?'])
    await say(bo, 'Not yet.')
    await eventually(() => texts(ana)).toEqual(['Is the ferry in?', 'Not yet.'])

    expect(await bo.run(readMessages)).toEqual(await ana.run(readMessages))
    expect(await complaints()).toEqual([])
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
    // Before its three seconds are over.
    await press(ana, 'start')
    for (const tab of [ana, bo]) await untilStatus(tab, 'open')
    await write('after')

    for (const tab of [ana, bo])
      await eventually(async () => [...(await texts(tab))].sort()).toEqual([...written].sort())
    const messages = await ana.run(readMessages)
    expect(new Set(messages.map(({ id }) => id)).size).toBe(written.length)
    expect(await bo.run(readMessages)).toEqual(messages)
  })

  test('a visitor who leaves the chat and opens it anew reads what was said meanwhile', async (context) => {
    const { demo, ana, bo } = await meet(context, browser)
    await say(ana, 'first')
    await bo.close()
    await eventually(() => demo.sockets.status.webSockets).toBe(1)
    await say(ana, 'second')
    await eventually(() => texts(ana)).toEqual(['first', 'second'])

    const [again] = await join(context, browser, demo, 'Bo')

    await eventually(() => texts(again)).toEqual(['first', 'second'])
    expect(demo.sockets.status.webSockets).toBe(2)
  })

  describe.each([
    ['an EventSource', ''],
    ['a WebSocket', '?over=websocket'],
  ])('the feed over %s', (_transport, query) => {
    test('shows every event once, in order, and complains about nothing', async (context) => {
      const { tab, complaints } = await follow(context, browser, query)

      await untilId(tab, (await lastId(tab)) + 10)

      await expectWhole(tab)
      expect(await complaints()).toEqual([])
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

  test('[XT2] the tabs page has one connection for two tabs: both hear what either says, in one order, and complain about nothing', async (context) => {
    const { demo, one, other, complaints } = await openTabs(context, browser)

    await say(one, 'from the one that leads')
    await eventually(() => other.run(readSaid)).toEqual(['from the one that leads'])
    await say(other, 'from the one that follows')
    for (const tab of [one, other])
      await eventually(() => tab.run(readSaid)).toEqual(['from the one that follows', 'from the one that leads'])

    for (const tab of [one, other]) await expectMoreBells(tab)
    for (const tab of [one, other])
      expect(await readTexts(tab, '#tabs', '#connections', '#total')).toEqual(['2', '1', '1'])
    expect(demo.sockets.status.webSockets).toBe(1)
    expect(await complaints()).toEqual([])
  })

  test('[XT3] the tab of the tabs page that leads is closed: the other one leads, and hears each stroke once', async (context) => {
    const { demo, one, other } = await openTabs(context, browser)
    await expectMoreBells(other)

    await one.close()

    await eventually(() => readRole(other)).toBe('leader')
    await expectMoreBells(other)
    await eventually(() => readTexts(other, '#tabs', '#connections', '#total')).toEqual(['1', '1', '2'])
    expect(demo.sockets.status.webSockets).toBe(1)
  })

  test('[XT3] a stop and a start of the server are one new connection for both tabs of the tabs page, and each stroke is heard once', async (context) => {
    const { demo, one, other } = await openTabs(context, browser)
    await expectMoreBells(other)

    await press(other, 'stop')
    for (const tab of [one, other]) await untilStatus(tab, 'waiting')
    await press(other, 'start')
    for (const tab of [one, other]) await untilStatus(tab, 'open')

    for (const tab of [one, other]) await expectMoreBells(tab)
    for (const tab of [one, other]) expect(await readTexts(tab, '#connections', '#total')).toEqual(['1', '2'])
    expect(demo.sockets.status.webSockets).toBe(1)
  })
})

/** Two visitors in one room. */
async function meet(context: TestContext, browser: Browser) {
  const demo = await useDemo(context)
  const [ana, ofAna] = await join(context, browser, demo, 'Ana')
  const [bo, ofBo] = await join(context, browser, demo, 'Bo')
  return { demo, ana, bo, complaints: async () => [...(await ofAna()), ...(await ofBo())] }
}

async function join(context: TestContext, { openObserved }: Browser, demo: Demo, name: string) {
  const [tab, complaints] = await openObserved(context, `${demo.url}chat.html`)
  await untilStatus(tab, 'open')
  await fill(tab, '#name', name)
  await click(tab, '#join')
  await eventually(async () => (await readTexts(tab, '#people li')).join()).toMatch(new RegExp(name))
  return [tab, complaints] as const
}

/** A page on the feed, with its first events in. */
async function follow(context: TestContext, { openObserved }: Browser, query: string) {
  const demo = await useDemo(context, { feedInterval })
  const [tab, complaints] = await openObserved(context, `${demo.url}feed.html${query}`)
  await eventually(async () => (await tab.run(readIds)).length).toBeGreaterThan(2)
  return { demo, tab, complaints }
}

/** Two tabs on one link: the first one leads. */
async function openTabs(context: TestContext, { openObserved }: Browser) {
  const demo = await useDemo(context, { bellInterval })
  const open = async (role: string) => {
    const [tab, complaints] = await openObserved(context, `${demo.url}tabs.html`)
    await eventually(() => readRole(tab)).toBe(role)
    return [tab, complaints] as const
  }
  const [one, ofOne] = await open('leader')
  const [other, ofOther] = await open('follower')
  // The page counts the tabs about once in a second.
  for (const tab of [one, other]) await eventually(() => readTexts(tab, '#tabs')).toEqual(['2'])
  return { demo, one, other, complaints: async () => [...(await ofOne()), ...(await ofOther())] }
}

async function say(tab: Tab, words: string): Promise<void> {
  await fill(tab, '#text', words)
  await click(tab, 'form:has(#text) [type="submit"]')
}

function fill(tab: Tab, selector: string, words: string): Promise<void> {
  return tab.run(
    (field, value) => {
      const found = document.querySelector<HTMLInputElement>(field)
      if (!found) throw new Error(`There is no ${field}.`)
      found.value = value
    },
    selector,
    words,
  )
}

function press(tab: Tab, button: 'stop' | 'start' | 'restart' | 'toggle'): Promise<void> {
  return click(tab, `[data-press="${button}"]`)
}

/** What is not there cannot be clicked, which would otherwise be noticed only by what does not come of it. */
function click(tab: Tab, selector: string): Promise<void> {
  return tab.run((button) => {
    const found = document.querySelector<HTMLElement>(button)
    if (!found) throw new Error(`There is no ${button}.`)
    found.click()
  }, selector)
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
  const ids = await tab.run(readIds)
  const [first = Number.NaN] = ids

  expect(ids).toEqual(ids.map((_, index) => first + index))
  expect(await readTexts(tab, '#missing', '#repeated')).toEqual(['0', '0'])
}

/** Strokes of the bell go on, and by the page's own count none is missing and none comes twice. */
async function expectMoreBells(tab: Tab): Promise<void> {
  const bells = async () => Number((await readTexts(tab, '#bells')).join())
  await eventually(bells).toBeGreaterThan((await bells()) + 5)
  expect(await readTexts(tab, '#continuity')).toEqual(['missing 0, repeated 0'])
}

function readRole(tab: Tab): Promise<string | undefined> {
  return tab.run(() => document.querySelector<HTMLElement>('#role')?.dataset.role)
}

/** In the page: what was said in any tab, the newest first. */
function readSaid(): string[] {
  return [...document.querySelectorAll('#said li')].map(({ textContent }) => textContent.replace(/^Tab \w+: /, ''))
}

/** Of all elements that one of the selectors finds, selector after selector. */
function readTexts(tab: Tab, ...selectors: readonly string[]): Promise<string[]> {
  return tab.run(
    (all) => all.flatMap((each) => [...document.querySelectorAll(each)].map(({ textContent }) => textContent)),
    selectors,
  )
}
