import { type DuplexTransport, RealtimeError } from 'holdfast'

/** Links to a worker. To accept a link the worker posts `true`, and then frames; `null`, from either side, ends the link. */
export function messagePort(connect: () => MessagePort): DuplexTransport {
  return {
    name: 'message-port',
    duplex: true,
    open(_request, observer) {
      const port = connect()
      let code: 'unreachable' | 'lost' = 'unreachable'

      function close(): void {
        port.onmessage = null
        port.postMessage(null)
        port.close()
      }

      port.onmessage = ({ data }) => {
        if (data === null) {
          close()
          observer.ended(new RealtimeError(code, 'The worker has hung up.'))
        } else if (data === true) {
          code = 'lost'
          observer.opened()
        } else observer.received({ data })
      }
      return { send: (frame) => port.postMessage(frame), close }
    },
  }
}
