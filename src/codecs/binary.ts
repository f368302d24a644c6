/** Raw bytes, untouched. */
import type { Codec } from '../codec.ts'
import { must } from '../errors.ts'
import { encodeUtf8, isBytes } from './bytes.ts'

/**
 * Raw bytes both ways, as the event 'message' (or the SSE event name) with an ArrayBuffer. A text frame gives its UTF-8
 * bytes. Sends only the event 'message', and only an ArrayBuffer or a view of one (which sends the view alone):
 * anything else throws 'invalid-config'.
 */
export function binary(): Codec {
  return {
    decode: ({ data, event = 'message', id }) => ({
      event,
      data: typeof data === 'string' ? encodeUtf8(data).buffer : data,
      id,
    }),
    encode({ event, data }) {
      must(event === 'message' && isBytes(data), "binary() sends only send('message', ArrayBuffer or view).")
      return data
    },
  }
}
