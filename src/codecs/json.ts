/** JSON text frames, and binary frames as they are. The default codec. */
import type { Codec, Inbound, Message } from '../codec.ts'
import { must } from '../errors.ts'
import { isBytes } from './bytes.ts'

/**
 * JSON text frames. On a WebSocket `{"type": name, "data": payload, "id"?: string}`; a number as id becomes a string. On
 * SSE the event name comes from `event:` and the payload from `data:`, where an empty one is `undefined`. A frame that
 * carries no name is the event 'message' with the whole value as payload; a binary frame is the event 'binary' with an
 * ArrayBuffer, and sending 'binary' with bytes makes one.
 *
 * @param options.typeKey where the name stands. Default `'type'`
 * @param options.dataKey where the payload stands; `false` makes the whole object the payload (`{type, text, timestamp}`). Default `'data'`
 * @param options.idKey where the message's id stands. Default `'id'`
 */
export function json(
  options: { readonly typeKey?: string; readonly dataKey?: string | false; readonly idKey?: string } = {},
): Codec {
  const { typeKey = 'type', dataKey = 'data', idKey = 'id' } = options

  return {
    decode({ data, event, id }: Inbound): Message {
      if (typeof data !== 'string') return { event: event ?? 'binary', data, id }
      if (event !== undefined) return { event, data: data ? JSON.parse(data) : undefined, id }

      const value = JSON.parse(data)
      const name = value?.[typeKey]
      const valueId = value?.[idKey]
      const isNamed = typeof name === 'string'
      return {
        event: isNamed ? name : 'message',
        data: isNamed && dataKey !== false ? value[dataKey] : value,
        // Numbers from 2 ** 53 on cannot be told from their neighbours, so one of two ids would count as a repetition. Some servers write
        // an empty id where a message has none.
        id:
          (typeof valueId === 'string' && valueId) || (typeof valueId === 'number' && Math.abs(valueId) < 2 ** 53)
            ? `${valueId}`
            : undefined,
      }
    },
    encode({ event, data, id }: Message) {
      if (event === 'binary' && isBytes(data)) return data

      if (dataKey !== false) return JSON.stringify({ [typeKey]: event, [idKey]: id, [dataKey]: data })

      must(typeof data === 'object' && data && !Array.isArray(data), 'data must be an object.')
      // The name comes last, since a payload must not replace it.
      return JSON.stringify({ ...data, [idKey]: id || (data as Record<string, unknown>)[idKey], [typeKey]: event })
    },
  }
}
