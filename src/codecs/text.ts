/** Raw strings, untouched. */
import type { Codec } from '../codec.ts'
import { must } from '../errors.ts'

/**
 * Raw strings both ways, as the event 'message' (or the SSE event name). A binary frame is read as UTF-8. Sends only the
 * event 'message', and only a string: anything else throws 'invalid-config'.
 */
export function text(): Codec {
  // Exact: a byte order mark is kept, and bytes that are not UTF-8 throw.
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return {
    decode: ({ data, event = 'message', id }) => ({
      event,
      data: typeof data === 'string' ? data : utf8.decode(data),
      id,
    }),
    encode({ event, data }) {
      must(event === 'message' && typeof data === 'string', "text() sends only send('message', string).")
      return data
    },
  }
}
