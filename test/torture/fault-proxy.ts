/**
 * A TCP proxy that does to connections what networks do: cuts them, stalls them, passes them on in pieces, and leaves one side
 * believing that the other is still there. Which fault comes after how many bytes is drawn, for each connection from the
 * seed and its number, so that a seed brings the same plan again.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { seeded } from '../circumstances.ts'

export type Fault =
  /** Both sides get a reset. */
  | 'reset'
  /** Both sides get an orderly end, in the middle of whatever it is. */
  | 'end'
  /** Nothing passes for a while, and then all of it, even if a side has left meanwhile. */
  | 'stall'
  /** The server's side is gone, and the client's side stays, silent. */
  | 'halfOpen'
  /** Some bytes go one by one. */
  | 'split'

export interface FaultProxyOptions {
  readonly target: number
  readonly seed: number
  /** Bytes from one fault to the next, both ways together, on the average: drawn between none and twice as many. */
  readonly distance: number
  /** Each as often as it is named. @default all of them, and those that end a link oftener */
  readonly kinds?: readonly Fault[]
  /** After so many faults it is a proxy like any other. @default Infinity */
  readonly most?: number
}

export interface FaultProxy {
  readonly port: number
  /** Faults of links that were up, which is after the head of an answer; and those that hit a connection before. */
  readonly faults: Readonly<Record<Fault | 'early', number>>
  readonly connections: number
  readonly bytes: number
  /** Faults begin now; before, it is a proxy like any other. */
  begin(): void
  close(): Promise<void>
}

const allKinds: readonly Fault[] = [
  ...(['reset', 'reset', 'reset', 'end', 'end'] as const),
  ...(['stall', 'stall', 'halfOpen', 'halfOpen', 'split'] as const),
]
/** One in so many connections meets its first fault before it is up, or soon after. */
const earlyOnes = 8
const earlyBytes = 600
const splitBytes = 40
const longestStall = 300

export async function startFaultProxy({
  target,
  seed,
  distance,
  kinds = allKinds,
  most = Infinity,
}: FaultProxyOptions): Promise<FaultProxy> {
  const faults = { reset: 0, end: 0, stall: 0, halfOpen: 0, split: 0, early: 0 }
  const sockets = new Set<Socket>()
  let connections = 0
  let bytes = 0
  let left = 0

  function keep(socket: Socket): void {
    sockets.add(socket)
    socket.setNoDelay()
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }

  function join(client: Socket): void {
    connections += 1
    const server = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [client, server]) keep(socket)
    // Two sequences, since how the bytes come must not change what is done to them.
    const plan = draws(seed, 2 * connections)
    const pieces = draws(seed, 2 * connections + 1)
    let passed = 0
    let nextAt = Math.floor(plan() * (plan() * earlyOnes < 1 ? earlyBytes : 2 * distance))
    let inPieces = 0
    /** The head of the answer, until it is whole. */
    let head = ''
    let isUp = false
    let isOver = false
    let stalled: Promise<void> | undefined

    /** Bytes until the next fault. Once the client has left there is none: what happens to such a connection is no fault. */
    const distanceLeft = () => (left > 0 && !client.destroyed && !client.readableEnded ? nextAt - passed : Infinity)

    function strike(): void {
      left -= 1
      const kind = kinds[Math.floor(plan() * kinds.length)] ?? 'reset'
      nextAt = passed + Math.ceil(plan() * 2 * distance)
      faults[isUp ? kind : 'early'] += 1
      if (kind === 'split') inPieces = splitBytes
      else if (kind === 'stall') stalled = wait(plan() * longestStall)
      else isOver = true
      if (kind === 'reset') for (const socket of [client, server]) socket.resetAndDestroy()
      if (kind === 'end') for (const socket of [client, server]) socket.end()
      if (kind === 'halfOpen') server.destroy()
    }

    async function pass(chunk: Buffer, to: Socket): Promise<void> {
      for (let rest = chunk; rest.length > 0; ) {
        await stalled
        if (isOver) return
        const size = inPieces > 0 ? 1 : 1 + Math.floor(pieces() * 8192)
        const piece = rest.subarray(0, Math.max(0, Math.min(size, distanceLeft())))
        rest = rest.subarray(piece.length)
        passed += piece.length
        bytes += piece.length
        inPieces -= 1
        if (piece.length > 0 && !to.write(piece)) await roomIn(to)
        if (!isUp && to === client) {
          head += piece.toString('latin1')
          isUp = head.includes('\r\n\r\n')
        }
        if (isOver) return
        if (distanceLeft() <= 0) strike()
        else if (inPieces > 0) await wait(0)
        else if (pieces() < 0.1) await wait(pieces() * 2)
      }
    }

    function carry(from: Socket, to: Socket): void {
      let before = Promise.resolve()
      const then = (act: () => void | Promise<void>) => {
        before = before.then(act)
      }
      from.on('data', (chunk: Buffer) => {
        from.pause()
        then(async () => {
          await pass(chunk, to)
          from.resume()
        })
      })
      // What was sent before still arrives, unless it met a fault; and after a stall it arrives from somebody who has left.
      from.on('end', () => then(() => void (isOver ? from.destroy() : to.end())))
      from.on('close', () => then(() => void (isOver && to === client ? undefined : to.destroySoon())))
    }

    carry(client, server)
    carry(server, client)
  }

  const listener = createServer({ allowHalfOpen: true }, join)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    port: (listener.address() as AddressInfo).port,
    faults,
    get connections() {
      return connections
    },
    get bytes() {
      return bytes
    },
    begin() {
      left = most
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Random numbers for this seed and number, which are mixed first: seeds that are neighbours would begin alike. */
function draws(seed: number, number: number): () => number {
  const random = seeded(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b) || 1)
  for (let warmth = 0; warmth < 8; warmth += 1) random()
  return random
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function roomIn(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}
