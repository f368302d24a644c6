import type { Page } from 'playwright-core'
import { expect, type TestContext, test } from 'vitest'
import type { Lantern, Player } from '../../../docs/demo/game-frames.ts'
import type { Demo } from '../../../docs/demo/server.ts'
import { eventually } from '../eventually.ts'
import { useBrowser } from '../use-browser.ts'
import { useDemo } from '../use-demo.ts'
import { waitForStatus } from './connection-bar.ts'

const newPage = useBrowser()

test('both players see each other, and where the other one sails', async (context) => {
  const { ana, bo } = await meet(context)
  await eventually(async () => (await readPlayers(ana)).length).toBe(2)

  await sail(ana, 'ArrowLeft')
  await sail(bo, 'ArrowRight')

  // From one shore to the other, in words too.
  await eventually(() => readPlayer(ana, 'Bo')).toMatch(/\(9\d\d m east\)/)
  await eventually(() => readPlayer(bo, 'Ana')).toMatch(/\(9\d\d m west\)/)
})

test('[SQ3] positions while the server is away are dropped: the next connection hears where the boat is, and not where it was', async (context) => {
  const { demo, ana } = await enter(context)
  await sail(ana, 'ArrowLeft')
  await eventually(() => readDropped(ana)).toBe(0)
  demo.sockets.stop()
  await waitForStatus(ana, 'waiting')
  await ana.keyboard.up('ArrowLeft')
  await ana.keyboard.down('ArrowRight')
  await eventually(() => readDropped(ana)).toBeGreaterThan(30)
  await ana.keyboard.up('ArrowRight')
  const frames = listFrames(ana)
  demo.sockets.start()
  await waitForStatus(ana, 'open')
  await eventually(() => placesIn(frames.sent).length).toBeGreaterThan(20)

  expect(frames.sent[0]?.type).toBe('join')
  expect(new Set(placesIn(frames.sent)).size).toBe(1)
})

test('[SQ1] a lantern that is taken while the server is away counts when it is back, once and for both players', async (context) => {
  const { demo, ana, bo, sent, received } = await meet(context)
  demo.sockets.stop()
  await waitForStatus(ana, 'waiting')
  const lantern = await takeAnyLantern(ana, received)
  demo.sockets.start()
  await Promise.all([waitForStatus(ana, 'open'), waitForStatus(bo, 'open')])

  // A boat may come to water beside another one, or run over it on its way, and asks again for what it is near when it is back.
  await eventually(() => takenIn(sent).has(lantern)).toBe(true)
  await eventually(async () => (await readScore(ana, 'Ana')) - takenIn(sent).size).toBe(0)
  await eventually(async () => (await readScore(bo, 'Ana')) - takenIn(sent).size).toBe(0)
})

test('a finger that points is enough to take a lantern, and everybody hears of it', async (context) => {
  const { ana, bo, received } = await meet(context)
  await takeAnyLantern(ana, received)

  await eventually(() => bo.locator('#news').innerText()).toMatch(/^Ana took a lantern and has [1-9]\.$/)
})

test('a player who comes back within a minute has the old score', async (context) => {
  const { demo, ana, sent, received } = await enter(context)
  await takeAnyLantern(ana, received)
  // On the way there it may have run over another one.
  const isCounted = async () => (await readScore(ana, 'Ana')) === takenIn(sent).size
  await eventually(() => takenIn(sent).size).toBeGreaterThan(0)
  await eventually(isCounted).toBe(true)

  demo.sockets.stop()
  await waitForStatus(ana, 'waiting')
  demo.sockets.start()
  await waitForStatus(ana, 'open')
  await eventually(() => received.filter(({ type }) => type === 'welcome').length).toBe(2)

  await eventually(isCounted).toBe(true)
})

async function enter(context: TestContext): Promise<{ demo: Demo; ana: Page } & ReturnType<typeof listFrames>> {
  const demo = await useDemo(context)
  // High enough for all of the harbour.
  const ana = await newPage(context, { viewport: { width: 1200, height: 1000 } })
  const frames = listFrames(ana)
  await play(ana, demo, 'Ana')
  return { demo, ana, ...frames }
}

/** Two players in two pages of one browser context. */
async function meet(context: TestContext) {
  const entered = await enter(context)
  const bo = await entered.ana.context().newPage()
  await play(bo, entered.demo, 'Bo')
  return { ...entered, bo }
}

async function play(page: Page, { url }: Demo, name: string): Promise<void> {
  await page.addInitScript((value) => sessionStorage.setItem('holdfast-demo-name', value), name)
  await page.goto(`${url}game.html`)
  await waitForStatus(page, 'open')
  await page.locator('#players li', { hasText: name }).waitFor()
}

async function sail(page: Page, key: string): Promise<void> {
  await page.locator('#harbour').focus()
  await page.keyboard.down(key)
}

/** Points at one until the page says that it is taken: what is drawn pale is on its way. Returns its id. */
async function takeAnyLantern(page: Page, received: readonly SeenFrame[]): Promise<number> {
  const lantern = findLantern(received)
  let isTaken = false
  page.on('console', (message) => {
    isTaken ||= message.text() === `taking ${lantern.id}`
  })
  await page.evaluate(watchTaking, lantern.id)
  await pointAt(page, lantern)
  await page.mouse.down()
  await eventually(async () => {
    // What the page says of its connection may move the sea meanwhile.
    await pointAt(page, lantern)
    return isTaken
  }).toBe(true)
  await page.mouse.up()
  return lantern.id
}

async function pointAt(page: Page, { x, y }: Lantern): Promise<void> {
  const box = await page.locator('#sea').boundingBox()
  if (!box) throw new Error('There is no sea.')
  await page.mouse.move(box.x + (x / 960) * box.width, box.y + (y / 540) * box.height)
}

/** In the page. */
function watchTaking(id: number): void {
  const sea = document.querySelector<HTMLElement>('#sea')
  if (!sea) return
  const tell = () => {
    if (sea.dataset.taking?.split(' ').includes(String(id))) console.log(`taking ${id}`)
    else requestAnimationFrame(tell)
  }
  tell()
}

interface SeenFrame {
  readonly type: string
  readonly data: {
    readonly x?: number
    readonly y?: number
    readonly lantern?: number
    readonly lanterns?: readonly Lantern[]
    readonly you?: number
    readonly players?: readonly Player[]
    readonly next?: Lantern
  }
}

/** What goes either way on the sockets of the future. */
function listFrames(page: Page): { readonly sent: SeenFrame[]; readonly received: SeenFrame[] } {
  const frames = { sent: [] as SeenFrame[], received: [] as SeenFrame[] }
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => frames.sent.push(JSON.parse(`${payload}`)))
    socket.on('framereceived', ({ payload }) => frames.received.push(JSON.parse(`${payload}`)))
  })
  return frames
}

/** The lanterns that were asked for. */
function takenIn(sent: readonly SeenFrame[]): ReadonlySet<number | undefined> {
  return new Set(sent.filter(({ type }) => type === 'take').map(({ data }) => data.lantern))
}

function placesIn(frames: readonly SeenFrame[]): string[] {
  return frames.filter(({ type }) => type === 'at').map(({ data }) => `${data.x} ${data.y}`)
}

/** The one farthest from where the boat came to water: another may have been beside it, and is taken without being pointed at. */
function findLantern(received: readonly SeenFrame[]): Lantern {
  const { lanterns = [], players = [], you } = received.find(({ type }) => type === 'welcome')?.data ?? {}
  const own = players.find(({ id }) => id === you)
  const takings = received.filter(({ type }) => type === 'taken').map(({ data }) => data)
  const afloat = [...lanterns, ...takings.flatMap(({ next }) => next ?? [])].filter(
    ({ id }) => !takings.some(({ lantern }) => lantern === id),
  )
  const [farthest] = afloat.sort((one, other) => wayTo(other, own) - wayTo(one, own))
  if (!farthest) throw new Error('There is no lantern.')
  return farthest
}

function wayTo({ x, y }: Lantern, boat: Player | undefined): number {
  return boat ? Math.hypot(x - boat.x, y - boat.y) : 0
}

function readPlayers(page: Page): Promise<string[]> {
  return page.locator('#players li').allTextContents()
}

async function readPlayer(page: Page, name: string): Promise<string> {
  return (await readPlayers(page)).find((line) => line.startsWith(`${name}:`)) ?? ''
}

async function readScore(page: Page, name: string): Promise<number> {
  return Number(/: (\d+)/.exec(await readPlayer(page, name))?.[1])
}

async function readDropped(page: Page): Promise<number> {
  return Number(await page.locator('#dropped').innerText())
}
