import type { Page, WebSocket } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Demo } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { joinChat, readMessages, readTexts, say } from './chat-page.ts'
import { findButton, press, readBar, readFact, readServer, waitForLoss, waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

test('what one page says, both pages show, in one order', async (context) => {
  const { ana, bo } = await meet(context)

  await say(ana, 'Is the ferry in?')
  await eventually(() => readTexts(bo)).toEqual(['Is the ferry in?'])
  await say(bo, 'Not yet.')
  await eventually(() => readTexts(ana)).toEqual(['Is the ferry in?', 'Not yet.'])

  await expectSameMessages(ana, bo)
  expect((await readMessages(bo)).map(({ from }) => from)).toEqual(['Ana', 'Bo'])
})

test('a visitor who comes later reads what was said before', async (context) => {
  const { demo, ana } = await enter(context)
  await say(ana, 'first')
  await say(ana, 'second')
  await eventually(() => readTexts(ana)).toEqual(['first', 'second'])

  const late = await newPage(context)
  await joinChat(late, demo.url, 'Cy')

  await expectSameMessages(ana, late)
})

test('markup in a message is shown as it was written', async (context) => {
  const { ana } = await enter(context)
  await say(ana, '<b>bold</b> & <script>x</script>')

  await eventually(() => readTexts(ana)).toEqual(['<b>bold</b> & <script>x</script>'])
  expect(await ana.locator('#messages :is(b, script)').count()).toBe(0)
})

test('the list of people follows who comes, takes another name and goes', async (context) => {
  const { ana, bo } = await meet(context)
  const people = () => ana.locator('#people li').allTextContents()
  await eventually(people).toEqual(['Ana', 'Bo'])

  await bo.locator('#name').fill('Bea')
  await bo.locator('#join').click()
  await eventually(people).toEqual(['Ana', 'Bea'])

  await bo.close()
  await eventually(people).toEqual(['Ana'])
})

test('"is typing" comes with the first letter and goes with the message', async (context) => {
  const { ana, bo } = await meet(context)

  await ana.locator('#text').pressSequentially('H')
  await eventually(() => typing(bo)).toBe('Ana is typing…')
  expect(await typing(ana)).toBe('')

  await say(ana, 'Hello')
  await bo.locator('#messages .message').waitFor()
  expect(await typing(bo)).toBe('')
})

test('"is typing" goes by itself when nobody types any more', async (context) => {
  const { ana, bo } = await meet(context)
  await bo.clock.install()
  await bo.clock.pauseAt(Date.now() + 60_000)

  await ana.locator('#text').pressSequentially('H')
  await eventually(() => typing(bo)).toBe('Ana is typing…')
  await bo.clock.runFor(2000)
  expect(await typing(bo)).toBe('Ana is typing…')

  await bo.clock.runFor(1000)
  expect(await typing(bo)).toBe('')
})

test('the connection bar says what goes on, and counts down to each try while the sockets are stopped', async (context) => {
  const { demo, page } = await standStill(context)
  expect(await readBar(page)).toBe('Connected')

  await press(page, 'stop')
  await eventually(() => readBar(page)).toBe('Reconnecting in 1 s (try 1)')
  await eventually(() => readServer(page)).toBe('The server takes no connections.')
  await page.clock.runFor(1000)
  await eventually(() => readBar(page)).toBe('Reconnecting in 1 s (try 2)')
  await page.clock.runFor(1000)
  await eventually(() => readBar(page)).toBe('Reconnecting in 2 s (try 3)')
  await page.clock.runFor(1000)
  expect(await readBar(page)).toBe('Reconnecting in 1 s (try 3)')

  await press(page, 'start')
  await eventually(() => demo.sockets.status.state).toBe('running')
  await page.clock.runFor(1000)
  await eventually(() => readBar(page)).toBe('Connected')
  await eventually(() => readServer(page)).toBe('The server takes connections.')
})

test('"Disconnect" ends the connection and says so, and "Connect" brings it back', async (context) => {
  const { demo, ana } = await enter(context)

  await press(ana, 'toggle')
  expect(await readBar(ana)).toBe('Disconnected')
  expect(await findButton(ana, 'toggle').innerText()).toBe('Connect')
  await eventually(() => demo.sockets.status.webSockets).toBe(0)

  await press(ana, 'toggle')
  await waitForStatus(ana, 'open')
  expect(await findButton(ana, 'toggle').innerText()).toBe('Disconnect')
  expect(demo.sockets.status.webSockets).toBe(1)
})

test('[CN12] "Reconnect now" ends the wait at once, and of the wait nothing is left', async (context) => {
  const { demo, page, sockets } = await standStill(context)
  demo.sockets.stop()
  await waitForStatus(page, 'waiting')
  demo.sockets.start()

  // The clock of the page stands: the wait does not end by itself.
  await press(page, 'reconnect')
  await waitForStatus(page, 'open')
  // Longer than any wait, and shorter than the silence after which the heartbeat asks.
  await page.clock.runFor(5000)
  await say(page, 'Back again')
  await eventually(() => readTexts(page)).toEqual(['Back again'])

  expect(sockets.map((socket) => socket.isClosed())).toEqual([true, false])
  expect(demo.sockets.status.webSockets).toBe(1)
})

test('[CN12] "Reconnect now" on an open connection replaces the socket and keeps everything else', async (context) => {
  const { demo, ana, bo } = await meet(context)
  const sockets = listSockets(ana)

  await press(ana, 'reconnect')
  await waitForStatus(ana, 'open')
  await say(bo, 'Do you hear me?')
  await eventually(() => readTexts(ana)).toEqual(['Do you hear me?'])

  expect(sockets).toHaveLength(1)
  await eventually(() => demo.sockets.status.webSockets).toBe(2)
  await eventually(() => bo.locator('#people li').allTextContents()).toEqual(['Ana', 'Bo'])
})

test('what is written while the sockets are stopped arrives once on both pages after the start, in order', async (context) => {
  const { ana, bo } = await meet(context)
  await say(ana, 'before')
  await eventually(() => readTexts(bo)).toEqual(['before'])

  await press(bo, 'stop')
  await Promise.all([waitForStatus(ana, 'waiting'), waitForStatus(bo, 'waiting')])
  for (const text of ['one', 'two', 'three']) await say(ana, text)
  expect((await readMessages(ana)).map(({ text, isWaiting }) => [text, isWaiting])).toEqual([
    ['before', false],
    ['one', true],
    ['two', true],
    ['three', true],
  ])
  expect(await readTexts(bo)).toEqual(['before'])

  await press(bo, 'start')
  await eventually(() => readTexts(bo)).toEqual(['before', 'one', 'two', 'three'])
  await eventually(() => readTexts(ana)).toEqual(['before', 'one', 'two', 'three'])
  await expectSameMessages(ana, bo)
})

test.for([
  ['is found in what the next connection brings, and not sent again', false, ['once', 'after']],
  ['and that is too old for what the next one brings is sent again, and nobody reads it twice', true, ['once', 'once']],
] as const)('a message whose echo got lost with the connection %s', async ([, isOld, firstSent], context) => {
  const demo = await useDemo(context)
  const [ana, bo] = await Promise.all([newPage(context), newPage(context)])
  const sent = await loseFirstEcho(ana, isOld)
  await joinChat(bo, demo.url, 'Bo')
  await joinChat(ana, demo.url, 'Ana')

  await say(ana, 'once')
  await eventually(async () => (await readMessages(ana)).map(({ isWaiting }) => isWaiting)).toEqual([false])
  await say(ana, 'after')
  await eventually(() => readTexts(bo)).toEqual(['once', 'after'])
  await eventually(() => readTexts(ana)).toEqual(['once', 'after'])

  expect(sent.slice(0, 2)).toEqual(firstSent)
  await expectSameMessages(ana, bo)
})

test('a restart of the sockets while both pages write loses nothing and doubles nothing', async (context) => {
  const { ana, bo } = await meet(context)
  // Each wait is as short as it may be.
  for (const page of [ana, bo]) await page.evaluate(() => Object.assign(Math, { random: () => 0 }))
  const written: string[] = []
  const write = async (page: Page, text: string) => {
    written.push(text)
    await say(page, text)
  }
  const writeBoth = async (when: string) => {
    for (const number of [1, 2, 3]) {
      await write(ana, `Ana ${when} ${number}`)
      await write(bo, `Bo ${when} ${number}`)
    }
  }

  await writeBoth('before')
  // In one task of the page: the first message is on its way when the server ends the socket.
  await ana.locator('#text').fill('Ana at once')
  written.push('Ana at once')
  await ana.evaluate(() => {
    document.querySelector<HTMLFormElement>('#message-form')?.requestSubmit()
    document.querySelector<HTMLButtonElement>('[data-press="restart"]')?.click()
  })
  await writeBoth('during')
  await waitForStatus(ana, 'waiting')
  await writeBoth('later')
  await Promise.all([waitForStatus(ana, 'open'), waitForStatus(bo, 'open')])
  await writeBoth('after')

  for (const page of [ana, bo]) {
    await eventually(async () => (await readTexts(page)).sort()).toEqual([...written].sort())
  }
  await expectSameMessages(ana, bo)
  for (const name of ['Ana', 'Bo']) {
    const own = (texts: readonly string[]) => texts.filter((text) => text.startsWith(name))
    expect(own(await readTexts(ana))).toEqual(own(written))
  }
})

test('[HS3] on every connection the first that the server hears is the name, and then what it may have missed', async (context) => {
  const { demo, ana } = await enter(context)
  const sent = listSent(ana)
  demo.sockets.stop()
  await waitForStatus(ana, 'waiting')
  await say(ana, 'Written on the quay')
  demo.sockets.start()
  await eventually(() => readTexts(ana)).toEqual(['Written on the quay'])

  const said = sent.filter(({ type }) => type !== 'ping')
  expect(said.map(({ type, data }) => [type, data.name ?? data.text])).toEqual([
    ['join', 'Ana'],
    ['message', 'Written on the quay'],
  ])
})

test('the round trip is measured while connected, and shown as none otherwise', async (context) => {
  const { ana } = await enter(context)
  expect(await readFact(ana, 'transport')).toBe('websocket')
  await eventually(() => readFact(ana, 'round-trip')).toMatch(/^\d+ ms$/)

  await press(ana, 'stop')
  await waitForStatus(ana, 'waiting')
  expect([await readFact(ana, 'transport'), await readFact(ana, 'round-trip')]).toEqual(['–', '–'])
})

test('[HB1] a server that freezes is noticed by its silence, and found again when it goes on', async (context) => {
  const { demo, ana, bo } = await meet(context)
  await press(ana, 'freeze')
  await eventually(() => readServer(ana)).toBe('The server is frozen: it holds connections and says nothing.')
  await say(ana, 'Written on thin ice')
  expect(demo.sockets.status).toMatchObject({ state: 'frozen', webSockets: 2 })
  // Nothing has told the page: the connection is still open.
  expect(await readBar(ana)).toBe('Connected')
  await eventually(() => readFact(ana, 'round-trip')).toMatch(/^over \d+ s$/)
  await Promise.all([waitForLoss(ana), waitForLoss(bo)])

  await press(ana, 'unfreeze')
  await eventually(() => readTexts(bo)).toEqual(['Written on thin ice'])
  await eventually(() => readTexts(ana)).toEqual(['Written on thin ice'])
  await eventually(() => demo.sockets.status.webSockets).toBe(2)
})

test('a page that is put to sleep says so, and joins again when it wakes up', async (context) => {
  const { demo, ana, bo } = await meet(context)
  const people = () => bo.locator('#people li').allTextContents()

  await ana.evaluate(() => document.dispatchEvent(new Event('freeze')))
  expect(await readBar(ana)).toBe('Paused: the browser has put the page to sleep')
  await eventually(people).toEqual(['Bo'])

  await ana.evaluate(() => document.dispatchEvent(new Event('resume')))
  await waitForStatus(ana, 'open')
  await eventually(people).toEqual(['Ana', 'Bo'])
  expect(demo.sockets.status.webSockets).toBe(2)
})

async function enter(context: TestContext): Promise<{ demo: Demo; ana: Page }> {
  const demo = await useDemo(context)
  const ana = await newPage(context)
  await joinChat(ana, demo.url, 'Ana')
  return { demo, ana }
}

/** Two visitors in one room. */
async function meet(context: TestContext): Promise<{ demo: Demo; ana: Page; bo: Page }> {
  const { demo, ana } = await enter(context)
  const bo = await newPage(context)
  await joinChat(bo, demo.url, 'Bo')
  return { demo, ana, bo }
}

/** A visitor whose connection is stable, and whose time and luck stand still: each wait is as long as it may be. */
async function standStill(context: TestContext): Promise<{ demo: Demo; page: Page; sockets: WebSocket[] }> {
  const demo = await useDemo(context)
  const page = await newPage(context)
  const sockets = listSockets(page)
  await page.addInitScript(() => {
    Math.random = () => 0.999
  })
  await page.clock.install()
  await joinChat(page, demo.url, 'Ana')
  await page.clock.pauseAt(Date.now() + 60_000)
  return { demo, page, sockets }
}

/**
 * The connection ends in the moment in which it should bring the first echo. To the next one the message may be `isOld`,
 * and then it brings no history. Returns the texts of what the page sends.
 */
async function loseFirstEcho(page: Page, isOld: boolean): Promise<string[]> {
  const sent: string[] = []
  let isLost = false

  await page.routeWebSocket(/\/chat$/, (pageSide) => {
    const serverSide = pageSide.connectToServer()
    pageSide.onMessage((frame) => {
      const { type, data } = JSON.parse(frame.toString())
      if (type === 'message') sent.push(data.text)
      serverSide.send(frame)
    })
    serverSide.onMessage(async (frame) => {
      const { type, data } = JSON.parse(frame.toString())
      if (isOld && type === 'welcome') return pageSide.send(JSON.stringify({ type, data: { ...data, history: [] } }))
      if (isLost || type !== 'message') return pageSide.send(frame)
      isLost = true
      await Promise.all([serverSide.close(), pageSide.close({ code: 1012 })])
    })
  })
  return sent
}

/** What the page sends on the sockets of the future. */
function listSent(page: Page): { type: string; data: { name?: string; text?: string } }[] {
  const sent: ReturnType<typeof listSent> = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(JSON.parse(`${payload}`))))
  return sent
}

/** Those of the future, as they come. */
function listSockets(page: Page): WebSocket[] {
  const sockets: WebSocket[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  return sockets
}

function typing(page: Page): Promise<string> {
  return page.locator('#typing').innerText()
}

/** Both show the same messages in the same order, each once, and none waits. */
async function expectSameMessages(one: Page, other: Page): Promise<void> {
  const messages = await readMessages(one)
  const ids = messages.map(({ id }) => id)

  expect(messages.filter(({ isWaiting }) => isWaiting)).toEqual([])
  expect(new Set(ids).size).toBe(messages.length)
  await eventually(() => readMessages(other)).toEqual(messages)
}
