/**
 * A WebSocket as a browser has it (https://websockets.spec.whatwg.org/), over a virtual clock: every event is a task of its
 * own, a failed dial says `error` before `close`, and a link that went silent says nothing until somebody asks it to close.
 */
import type { VirtualClock } from './virtual-clock.ts'

/** The server's end of one link. */
export interface ServerLink {
  send(frame: string): void
  /** With a close frame: clean. */
  close(code: number): void
  /** Without one, as when the process dies: 1006. */
  drop(): void
  /** From now on nothing arrives any more, in either direction, and neither end is told. */
  silence(): void
}

/** Who is at the other end of the sockets. */
export interface SimulatedPeer {
  /** A page has begun to dial. */
  dialed(): void
  /** The dial has come to the server. */
  answer(): 'accept' | 'refuse' | 'hang'
  accepted(link: ServerLink): void
  received(link: ServerLink, frame: string): void
}

/** Milliseconds from one end to the other. */
export const latency = 20
/** Milliseconds: Chromium ends a dial that nobody answers after four minutes, Firefox after 20 s. */
export const dialLimit = 240_000
/** Milliseconds that Chromium waits for the answer to a close frame; Firefox waits 20 s. */
export const closeLimit = 60_000

/** `page` is asked at each dial. */
export function createSimulatedWebSocket(page: () => { clock: VirtualClock; network: SimulatedPeer }) {
  return class SimulatedWebSocket extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3

    readonly bufferedAmount = 0
    readonly extensions = ''
    readonly protocol: string
    readonly url: string
    binaryType = 'blob'
    readyState = 0
    onopen: ((event: Event) => void) | null = null
    onmessage: ((event: Event) => void) | null = null
    onerror: ((event: Event) => void) | null = null
    onclose: ((event: Event) => void) | null = null

    readonly #clock: VirtualClock
    readonly #network: SimulatedPeer
    readonly #server: ServerLink
    #isSilent = false
    #isOver = false

    constructor(url: string | URL, protocols: string | readonly string[] = []) {
      super()
      this.url = new URL(url).href
      this.protocol = [protocols].flat()[0] ?? ''
      this.addEventListener('open', (event) => this.onopen?.(event))
      this.addEventListener('message', (event) => this.onmessage?.(event))
      this.addEventListener('error', (event) => this.onerror?.(event))
      this.addEventListener('close', (event) => this.onclose?.(event))

      const { clock, network } = page()
      this.#clock = clock
      this.#network = network
      this.#server = {
        send: (data) =>
          this.#travel(() => {
            if (this.readyState === 1) this.dispatchEvent(new MessageEvent('message', { data }))
          }),
        close: (code) => this.#travel(() => this.#end(code, true)),
        drop: () => this.#travel(() => this.#end(1006, false)),
        silence: () => {
          this.#isSilent = true
        },
      }
      network.dialed()
      this.#travel(() => this.#arrive())
    }

    send(data: string): void {
      if (this.readyState === 0) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError')
      if (this.readyState === 1) this.#travel(() => this.#network.received(this.#server, data))
    }

    close(code?: number): void {
      if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999))
        throw new DOMException(`The code ${code} is not for pages.`, 'InvalidAccessError')
      if (this.readyState > 1) return

      const wasOpen = this.readyState === 1
      this.readyState = 2
      if (!wasOpen) return this.#fail()

      this.#travel(() => this.#server.close(code ?? 1005))
      this.#clock.setTimer(() => this.#end(1006, false), closeLimit)
    }

    /** Calls `arrive` at the other end, unless the link is silent or over by then. */
    #travel(arrive: () => void): void {
      this.#clock.setTimer(() => {
        if (!this.#isSilent && !this.#isOver) arrive()
      }, latency)
    }

    #arrive(): void {
      const answer = this.#network.answer()
      if (answer === 'hang') this.#clock.setTimer(() => this.#fail(), dialLimit - latency)
      if (answer === 'refuse') this.#travel(() => this.#fail())
      if (answer !== 'accept') return

      this.#travel(() => {
        if (this.readyState !== 0) return
        this.readyState = 1
        this.dispatchEvent(new Event('open'))
      })
      this.#network.accepted(this.#server)
    }

    #fail(): void {
      this.#end(1006, false, new Event('error'))
    }

    /** Two tasks right behind each other, so that promises settle after each event, as they do in a browser after every listener. */
    #end(code: number, wasClean: boolean, error?: Event): void {
      if (this.#isOver) return

      this.#isOver = true
      this.#clock.setTimer(() => {
        this.readyState = 3
        if (error) this.dispatchEvent(error)
      }, 0)
      this.#clock.setTimer(() => this.dispatchEvent(new CloseEvent('close', { code, wasClean })), 0)
    }
  }
}
