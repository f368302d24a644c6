/**
 * The world of the game: a harbour, boats, and lanterns that float in it. Boats say where they are; how far a boat can have come, and
 * whether it is near enough to a lantern to take it, is decided here. It knows nothing of sockets.
 */
import type { Guest, Line } from './frame-socket.ts'
import { type GameFrame, height, type Lantern, type Player, width } from './game-frames.ts'

export interface GameWorld {
  /** `undefined` where `mostPlayers` are in. */
  enter(line: Line): Guest<GameFrame> | undefined
}

export const mostPlayers = 24
export const lanternCount = 7
/** Metres a second, with some to spare for clocks that differ. */
export const topSpeed = 330
/** Metres from which a boat can take a lantern. */
export const armLength = 30
/** Milliseconds between two `places`, the frames that tell everybody where all boats are. */
const placesInterval = 1000 / 30
/** Milliseconds for which the boat and score of a player who is away are kept. */
const absence = 60_000
/** No more such boats than this are kept: those whose players left last. */
const mostAbsent = 200
/** While more bytes than this wait for a player, that player is sent no `places`: they would come too late. */
const mostUnsent = 65_536
/** Milliseconds: however long a boat was silent, it can have come no further than in this time. */
const longestSilence = 10_000
const colours = 8

interface Boat {
  readonly key: string
  readonly id: number
  readonly colour: number
  line: Line | undefined
  name: string
  score: number
  x: number
  y: number
  heading: number
  /** Metres that it may still move: time adds to it, up to a limit, and every move takes from it. */
  reach: number
  heardAt: number
  leftAt: number
}

export function createGameWorld(now: () => number = Date.now, random: () => number = Math.random): GameWorld {
  /** By key. Includes the boats of players who are away, which have no line. */
  const boats = new Map<string, Boat>()
  const lanterns = new Map<number, Lantern>()
  let entered = 0
  let newestBoat = 0
  let newestLantern = 0
  let timer: NodeJS.Timeout | undefined

  for (let each = 0; each < lanternCount; each += 1) placeLantern()

  function placeLantern(): Lantern {
    newestLantern += 1
    const margin = 40
    const lantern = {
      id: newestLantern,
      x: Math.round(margin + random() * (width - 2 * margin)),
      y: Math.round(margin + random() * (height - 2 * margin)),
    }
    lanterns.set(lantern.id, lantern)
    return lantern
  }

  function afloat(): Boat[] {
    return [...boats.values()].filter(({ line }) => line !== undefined)
  }

  function players(): Player[] {
    return afloat().map(({ id, name, colour, score, x, y, heading }) => ({ id, name, colour, score, x, y, heading }))
  }

  function tellAll(type: string, data: unknown): void {
    for (const { line } of afloat()) line?.send(type, data)
  }

  function tellPlaces(): void {
    const all = afloat()
    const places = { time: now(), all: all.map(({ id, x, y, heading }) => [id, round(x), round(y), round(heading)]) }
    for (const { line } of all) if (line && line.unsent <= mostUnsent) line.send('places', places)
  }

  function join(line: Line, { name, key }: Extract<GameFrame, { type: 'join' }>): Boat {
    forgetAbsent()
    const boat = boats.get(key) ?? launch(key)
    // Where two pages have the same key, the newer one steers the boat.
    boat.line = line
    boat.name = name
    line.send('welcome', {
      you: boat.id,
      world: { width, height, armLength },
      lanterns: [...lanterns.values()],
      players: players(),
    })
    tellAll('players', players())
    timer ??= setInterval(tellPlaces, placesInterval)
    return boat
  }

  function launch(key: string): Boat {
    newestBoat += 1
    const boat: Boat = {
      key,
      id: newestBoat,
      colour: (newestBoat - 1) % colours,
      line: undefined,
      name: '',
      score: 0,
      x: Math.round(width * (0.25 + random() / 2)),
      y: Math.round(height * (0.25 + random() / 2)),
      heading: 0,
      reach: 0,
      heardAt: now(),
      leftAt: 0,
    }
    boats.set(key, boat)
    return boat
  }

  function forgetAbsent(): void {
    const absent = [...boats.values()].filter(({ line }) => line === undefined).sort((a, b) => b.leftAt - a.leftAt)
    for (const [place, { key, leftAt }] of absent.entries())
      if (place >= mostAbsent || now() - leftAt > absence) boats.delete(key)
  }

  /** Moves the boat there, or as far towards it as it can have come. */
  function move(boat: Boat, x: number, y: number): void {
    const time = now()
    boat.reach = Math.min(boat.reach + ((time - boat.heardAt) / 1000) * topSpeed, (longestSilence / 1000) * topSpeed)
    boat.heardAt = time

    const way = Math.hypot(x - boat.x, y - boat.y)
    const part = way > boat.reach ? boat.reach / way : 1
    boat.x += (x - boat.x) * part
    boat.y += (y - boat.y) * part
    boat.reach -= way * part
  }

  function take(boat: Boat, id: number): void {
    const lantern = lanterns.get(id)
    if (lantern) move(boat, lantern.x, lantern.y)
    if (!lantern || Math.hypot(lantern.x - boat.x, lantern.y - boat.y) > armLength) {
      boat.line?.send('missed', { lantern: id })
      return
    }

    lanterns.delete(id)
    boat.score += 1
    tellAll('taken', { lantern: id, by: boat.id, score: boat.score, next: placeLantern() })
  }

  return {
    enter(line) {
      if (entered >= mostPlayers) return undefined

      entered += 1
      let boat: Boat | undefined
      let isIn = true

      return {
        receive(frame) {
          if (!isIn) return
          if (frame.type === 'ping') return line.send('pong', undefined)
          if (frame.type === 'join') {
            boat ??= join(line, frame)
            return
          }

          if (boat?.line !== line) return
          if (frame.type === 'take') return take(boat, frame.lantern)
          move(boat, frame.x, frame.y)
          boat.heading = frame.heading
        },

        leave() {
          if (!isIn) return
          isIn = false
          entered -= 1
          if (boat?.line !== line) return

          boat.line = undefined
          boat.leftAt = now()
          tellAll('players', players())
          if (afloat().length > 0) return
          clearInterval(timer)
          timer = undefined
        },
      }
    },
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
