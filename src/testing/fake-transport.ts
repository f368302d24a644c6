/** A transport whose links the test opens, feeds and ends by hand. It keeps the transport contract, as the real ones do. */
import type { Frame, Inbound } from '../codec.ts'
import { closeCodes, type ErrorDetails, RealtimeError } from '../errors.ts'
import { judgeStatus } from '../sse/response.ts'
import type { DuplexTransport, Link, LinkObserver, LinkRequest } from '../transport.ts'

/** One link that a client has asked for, with the server's side in the test's hands. */
export interface FakeLink {
  /** What the client asked for: attempt, lastEventId, signal. */
  readonly request: LinkRequest
  /** Frames the client has sent over this link, oldest first. */
  readonly sent: readonly Frame[]
  /** Event names that got a listener while this link lived, one entry for each. */
  readonly listened: readonly string[]
  /** Whether the client has closed it. */
  readonly closed: boolean
  /** Code and reason it was closed with. */
  readonly closedWith: readonly [code?: number | undefined, reason?: string | undefined]
  /**
   * Bytes that the client has handed over and that are not on the wire yet. Set it, and the client sees a slow link: it
   * counts in `client.bufferedAmount`, and `drained` waits for it. What is sent does not change it. 0 at first.
   */
  bufferedAmount: number
  /** The link is good, as after an accepted handshake. */
  open(): void
  /**
   * A string is a text frame. Throws before `open()`, since no server speaks before it has accepted: a test that forgot
   * to open would pass. After `end` or a close nobody hears it, as with what a real link brings too late.
   */
  receive(frame: Inbound | string): void
  /**
   * Ends the link from the server's side. Without a code, a close code means what it means on a WebSocket (4401 is
   * 'unauthorized', 1008 'refused'), a status other than 200 what it means to `fetchStream` (401 is 'unauthorized', 403
   * 'refused', 204 'ended'); anything else is 'lost' after `open()`, and 'unreachable' before.
   */
  end(error?: Partial<Pick<RealtimeError, 'code' | 'status' | 'closeCode' | 'closeReason' | 'retryAfter'>>): void
}

/** What `fakeTransport` makes: a transport and its links. */
export interface FakeTransport extends DuplexTransport {
  /** Every link that was asked for, newest last. */
  readonly links: readonly FakeLink[]
}

/** What the fake pretends to be. */
export interface FakeTransportOptions {
  /** `false` makes a transport that cannot send. @default true */
  readonly duplex?: boolean
  /** For `state.transport` and `meta.transport`. @default 'fake' */
  readonly name?: string
}

/**
 * A transport for tests.
 *
 * @example
 * const transport = fakeTransport()
 * const client = createClient(transport, { environment: fakeEnvironment() })
 * client.connect()
 * transport.links[0]?.open()
 */
export function fakeTransport(options: FakeTransportOptions = {}): FakeTransport {
  const { duplex = true, name = 'fake' } = options
  const links: FakeLink[] = []

  const transport = {
    name,
    ...(duplex && { duplex }),
    links,
    open(request: LinkRequest, observer: LinkObserver): Link {
      const { fake, link } = fakeLink(request, observer, duplex)
      links.push(fake)
      return link
    },
  }
  // Typed as duplex also where it is not: a test of `send` on a transport that cannot send needs to call it.
  return transport as FakeTransport
}

function fakeLink(request: LinkRequest, observer: LinkObserver, duplex: boolean): { fake: FakeLink; link: Link } {
  const sent: Frame[] = []
  const listened: string[] = []
  let closedWith: FakeLink['closedWith'] = []
  let isOpen = false
  let closed = false
  let ended = false
  const speaks = () => !closed && !ended

  const fake: FakeLink = {
    request,
    sent,
    listened,
    bufferedAmount: 0,
    get closed() {
      return closed
    },
    get closedWith() {
      return closedWith
    },
    open() {
      if (!speaks()) return
      isOpen = true
      observer.opened()
    },
    receive(frame) {
      if (!speaks()) return
      if (!isOpen) throw new Error('Nothing is received before the link is open: call open() first.')
      observer.received(typeof frame === 'string' ? { data: frame } : frame)
    },
    end({ code, ...details } = {}) {
      if (!speaks()) return
      ended = true
      const { closeCode = 0, status = 200 } = details
      const judged = status === 200 ? undefined : judgeStatus({ status, headers: new Map() as never }, 0).code
      const usual = closeCodes[closeCode] ?? judged ?? (isOpen ? 'lost' : 'unreachable')
      observer.ended(new RealtimeError(code ?? usual, 'The test ended the link.', details satisfies ErrorDetails))
    },
  }

  const link: Link = {
    ...(duplex && {
      send(frame: Frame) {
        // A platform copies bytes, too: what is written into them later does not go out.
        sent.push(typeof frame === 'string' ? frame : structuredClone(frame))
      },
    }),
    get bufferedAmount() {
      return fake.bufferedAmount
    },
    listen(event) {
      listened.push(event)
    },
    close(...reason) {
      if (closed) return
      closed = true
      closedWith = reason
    },
  }
  return { fake, link }
}
