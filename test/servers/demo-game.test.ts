import { expect, onTestFinished, test } from 'vitest'
import { type Lantern, type Player, readGameFrame, width } from '../../docs/demo/game-frames.ts'
import { armLength, createGameWorld, lanternCount, mostPlayers, topSpeed } from '../../docs/demo/game-world.ts'
import { createTellerClock, createTrack } from '../../docs/demo/pages/interpolation.js'
import { nearestOf, wayTo } from '../../docs/demo/pages/lookout.js'
import { seeded } from '../circumstances.ts'

test('a boat comes no further than it can have sailed, however often it says so', () => {
  const { world, clock } = givenWorld()
  const ana = join(world, 'Ana')
  const start = ana.player()
  clock.now += 100
  for (let time = 0; time < 50; time += 1) ana.guest?.receive({ type: 'at', x: 0, y: start.y, heading: 0 })
  const bo = join(world, 'Bo')

  expect(start.x - (bo.seen('Ana')?.x ?? 0)).toBeCloseTo(topSpeed / 10)
})

test('a lantern within reach is taken once, and another one floats in its place', () => {
  const { world, clock } = givenWorld()
  const ana = join(world, 'Ana')
  const bo = join(world, 'Bo')
  const [lantern] = ana.lanterns
  clock.now += 5000
  ana.guest?.receive({ type: 'take', lantern: lantern?.id ?? 0 })
  bo.guest?.receive({ type: 'take', lantern: lantern?.id ?? 0 })

  expect(bo.line.sent.filter(({ type }) => type === 'taken')).toMatchObject([
    { data: { lantern: lantern?.id, by: ana.player().id, score: 1, next: { id: lanternCount + 1 } } },
  ])
  expect(bo.line.sent.at(-1)).toEqual({ type: 'missed', data: { lantern: lantern?.id } })
})

test('a lantern that is too far away is missed', () => {
  const { world } = givenWorld()
  const ana = join(world, 'Ana')
  const far = ana.lanterns.find(({ x, y }) => Math.hypot(x - ana.player().x, y - ana.player().y) > armLength)
  ana.guest?.receive({ type: 'take', lantern: far?.id ?? 0 })

  expect(ana.line.sent.at(-1)).toEqual({ type: 'missed', data: { lantern: far?.id } })
})

test('a score waits a minute for its player, and no longer', () => {
  const { world, clock } = givenWorld()
  const ana = join(world, 'Ana')
  clock.now += 5000
  ana.guest?.receive({ type: 'take', lantern: ana.lanterns[0]?.id ?? 0 })
  ana.guest?.leave()

  clock.now += 50_000
  const back = join(world, 'Ana')
  expect(back.player().score).toBe(1)
  back.guest?.leave()

  clock.now += 70_000
  expect(join(world, 'Ana').player().score).toBe(0)
})

test('the harbour takes so many players and no more, until one leaves', () => {
  const { world } = givenWorld()
  const guests = Array.from({ length: mostPlayers }, () => world.enter(createLine()))

  expect(world.enter(createLine())).toBeUndefined()
  guests[0]?.leave()
  guests[0]?.leave()
  expect(world.enter(createLine())).toBeDefined()
  expect(world.enter(createLine())).toBeUndefined()
})

test('who has not joined cannot take, and is not told where the others are', () => {
  const { world } = givenWorld()
  join(world, 'Ana')
  const line = createLine()
  const guest = world.enter(line)
  guest?.receive({ type: 'take', lantern: 1 })
  guest?.receive({ type: 'at', x: 1, y: 1, heading: 0 })

  expect(line.sent).toEqual([])
})

test.each([
  '',
  '7',
  '{"type":"at","data":{"x":-1,"y":0,"heading":0}}',
  `{"type":"at","data":{"x":${width + 1},"y":0,"heading":0}}`,
  '{"type":"at","data":{"x":1,"y":1e400,"heading":0}}',
  '{"type":"at","data":{"x":"1","y":1,"heading":0}}',
  '{"type":"at","data":{"x":1,"y":1,"heading":4}}',
  '{"type":"at","data":[1,2,3]}',
  '{"type":"take","data":{"lantern":1.5}}',
  '{"type":"take","data":{"lantern":-1}}',
  '{"type":"join","data":{"name":"","key":"k"}}',
  '{"type":"join","data":{"name":"Ana"}}',
  `{"type":"join","data":{"name":"Ana","key":"${'k'.repeat(65)}"}}`,
  '{"type":"toString"}',
])('%s is no frame of the game', (raw) => {
  expect(readGameFrame(raw)).toBeUndefined()
})

test('between two places a boat is between them, and a place that comes too late is left out', () => {
  const track = createTrack()
  track.add({ time: 100, x: 0, y: 0, heading: 3 })
  track.add({ time: 200, x: 10, y: 20, heading: -3 })
  track.add({ time: 150, x: 500, y: 500, heading: 0 })

  expect(track.at(150)).toMatchObject({ x: 5, y: 10 })
  // The shorter way round, over west.
  expect(Math.abs(track.at(150)?.heading ?? 0)).toBeCloseTo(Math.PI)
  expect([track.at(50)?.x, track.at(900)?.x]).toEqual([0, 10])
})

test('the clock of the teller is that of its quickest message', () => {
  const clock = createTellerClock()
  clock.heard(1000, 5080)
  clock.heard(1033, 5043)
  clock.heard(1066, 5126)

  expect(clock.read(5210) - 1200).toBeCloseTo(0, 0)
})

test('the lookout says how far things are, and where', () => {
  expect(wayTo({ x: 0, y: 0 }, { x: 0, y: -120 })).toBe('120 m north')
  expect(wayTo({ x: 0, y: 0 }, { x: -50, y: 50 })).toBe('71 m south-west')
  expect(
    nearestOf({ x: 0, y: 0 }, [
      { x: 9, y: 9 },
      { x: 1, y: 2 },
    ]),
  ).toEqual({ x: 1, y: 2 })
})

function givenWorld() {
  const clock = { now: 1_000_000 }
  return { clock, world: createGameWorld(() => clock.now, seeded(7)) }
}

function createLine() {
  const sent: { readonly type: string; readonly data: unknown }[] = []
  return { sent, unsent: 0, send: (type: string, data: unknown) => void sent.push({ type, data }) }
}

function join(world: ReturnType<typeof createGameWorld>, name: string) {
  const line = createLine()
  const guest = world.enter(line)
  onTestFinished(() => guest?.leave())
  guest?.receive({ type: 'join', name, key: `key of ${name}` })
  const welcome = line.sent.find(({ type }) => type === 'welcome')?.data as {
    readonly you: number
    readonly lanterns: readonly Lantern[]
    readonly players: readonly Player[]
  }
  const seen = (other: string) => welcome.players.find((player) => player.name === other)
  const player = () => welcome.players.find(({ id }) => id === welcome.you) as Player
  return { guest, line, lanterns: welcome.lanterns, seen, player }
}
