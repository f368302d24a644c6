/** WebSocket, one socket per attempt. Knows no retry and no queue: it translates the browser's API into the contract. */
import { copyBytes } from '../codecs/bytes.ts'
import { asError, closeCodes, type ErrorCode, must, mustBeFunction, RealtimeError } from '../errors.ts'
import type { DuplexTransport, EndPolicy, Link, LinkObserver, LinkRequest, Provider } from '../transport.ts'
import { endError } from './end-policy.ts'
import { answers } from './provide.ts'
import { isLocal, type LinkWithClues, resolveUrl } from './url.ts'

type Protocols = string | readonly string[] | undefined

/** How `webSocket` opens sockets, and what their end means. */
export interface WebSocketOptions {
  /** Subprotocols to offer; the one that the server chose is `state.protocol`. A function is asked at every attempt. */
  readonly protocols?: Provider<string | readonly string[]> | undefined
  /** Decides by close code what an end means, before the defaults do. */
  readonly whenEnded?: EndPolicy | undefined
  /** Another implementation, for platforms without one. @default globalThis.WebSocket */
  readonly WebSocket?: typeof WebSocket | undefined
}

/**
 * A WebSocket (https://websockets.spec.whatwg.org/). A relative URL is resolved against the page, and http(s): becomes
 * ws(s):, so `webSocket('/live')` works.
 *
 * Close codes 1002, 1003, 1007, 1008 and 1010 close the client ('refused'), 1009 too ('too-large'); 4401 and 3000 ask
 * for fresh credentials, once; every other code is tried again, 1000 included. `whenEnded` overrides.
 *
 * A dial has no header for the last id: where the server replays what was missed, put it into the URL.
 *
 * Throws 'invalid-config' for a URL that no page can make valid and for a bad subprotocol; what a provider gives is
 * checked when it comes, and closes the client with the same.
 *
 * @example
 * webSocket(({ lastEventId }) => `/live?since=${encodeURIComponent(lastEventId)}`)
 */
export function webSocket(url: Provider<string | URL>, options: WebSocketOptions = {}): DuplexTransport {
  const { protocols, whenEnded } = options
  if (options.WebSocket) mustBeFunction(options.WebSocket, 'WebSocket')
  if (whenEnded) mustBeFunction(whenEnded, 'whenEnded')
  if (typeof url !== 'function') resolveUrl(url, 'ws')
  if (typeof protocols !== 'function') protocolList(protocols)

  return {
    name: 'websocket',
    duplex: true,
    open(request: LinkRequest, observer: LinkObserver): Link {
      const link: LinkWithClues = {
        send(frame) {
          // A closing socket would take the frame and lose it without a word.
          if (socket?.readyState !== 1) throw new RealtimeError('not-open')
          // The platform refuses memory that is shared or can be resized: https://webidl.spec.whatwg.org/#js-buffer-source-types
          const { buffer = frame } = frame as ArrayBufferView
          const isPlain = typeof frame === 'string' || (buffer as { readonly resizable?: boolean }).resizable === false
          socket.send(isPlain ? (frame as string | ArrayBuffer) : copyBytes(frame))
        },
        get bufferedAmount() {
          return socket?.bufferedAmount ?? 0
        },
        close,
      }
      let socket: WebSocket | undefined
      let cancelTimer: (() => void) | undefined
      let retry: ErrorCode = 'unreachable'
      let isOver = false

      function dial([where, offered]: [string | URL, Protocols]): void {
        if (isOver) return
        const { WebSocket: Socket = globalThis.WebSocket } = options
        if (!Socket) throw new RealtimeError('unsupported', 'Pass a WebSocket.')
        const target = resolveUrl(where, 'ws', request.environment.origin())
        link.isLocal = isLocal(target)
        link.clue = { hint: 'A proxy may block WebSockets.' }
        socket = new Socket(target.href, protocolList(offered))
        socket.binaryType = 'arraybuffer'
        socket.onopen = () => {
          retry = 'lost'
          observer.opened({ protocol: socket?.protocol })
        }
        socket.onmessage = ({ data }) => observer.received({ data })
        socket.onclose = ({ code: closeCode, reason: closeReason, wasClean }) => {
          const hint = 'Unreachable, refused (401, 403, 404), or a CSP: see the console.'
          const notAccepted = retry === 'unreachable' && closeCode === 1006 && { hint }
          const error = endError(
            { closeCode, closeReason, wasClean, ...notAccepted },
            retry,
            closeCodes[closeCode],
            whenEnded,
            `Ended with ${closeCode}.`,
          )
          // The policy may have closed this very link.
          if (!isOver) observer.ended(error)
          close()
        }
        socket.onerror = () => {
          // `close` follows with the facts, in WebKit a task or two later. In Chromium it never comes where the page's CSP forbids the
          // socket; the code would be 1006: https://websockets.spec.whatwg.org/#fail-the-websocket-connection
          if (socket?.readyState === 3)
            cancelTimer = request.environment.setTimer(() => socket?.onclose?.({ code: 1006 } as CloseEvent), 1000)
        }
        // An implementation of the user's may have closed the client.
        if (isOver) close()
      }

      function close(code?: number, reason?: string): void {
        isOver = true
        cancelTimer?.()
        if (!socket) return
        socket.onopen = socket.onmessage = socket.onclose = null
        socket.onerror = nothing
        try {
          socket.close(code, reason)
        } catch {
          // The platform takes no such code, which is no reason to stay open.
          socket.close()
        }
        socket = undefined
      }

      answers<[string | URL, Protocols]>(request, url, protocols)
        .then(dial)
        .catch((cause) => {
          if (!isOver) observer.ended(asError(cause, 'unreachable'))
        })

      return link
    },
  }
}

/** Checked here, since what a constructor throws quotes the protocol, which may be a token. */
function protocolList(protocols: Protocols): string[] {
  const list = [protocols ?? []].flat()
  for (const name of list) {
    must(
      // A token of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2; the range is #$%&'
      /^[\w!#-'*+.^`|~-]+$/.test(name) && list.indexOf(name) === list.lastIndexOf(name),
      'protocols must be distinct tokens.',
    )
  }
  return list
}

/**
 * Outside of any link: a half-open socket may take minutes to close, and must not keep its link in memory. Node's EventEmitter
 * throws an `error` that has no listener.
 */
function nothing(): void {}
