/** Codecs and frames. */
import type { Codec, Frame, Inbound, Message } from 'holdfast'
import { binary, createClient, json, text, webSocket } from 'holdfast'
import type { Same } from './same.ts'
import { isTrue } from './same.ts'

export function codecs(): void {
  const built: readonly Codec[] = [json(), json({ typeKey: 'kind', dataKey: 'body', idKey: 'seq' }), text(), binary()]
  json({ dataKey: false })

  const csv: Codec = {
    decode(frame: Inbound): Message | undefined {
      if (typeof frame.data !== 'string') return undefined

      isTrue<Same<typeof frame.data, string>>()
      const [event = 'message', data] = frame.data.split(',')
      return { event, data, id: frame.id }
    },
    encode: ({ event, data }: Message): Frame => `${event},${data}`,
  }
  const bytes: Codec = {
    decode: ({ data }) => ({ event: 'message', data }),
    encode: () => new Uint8Array([1]),
  }
  for (const codec of [...built, csv, bytes]) createClient(webSocket('/live'), { codec })

  // @ts-expect-error an object is no frame
  const wrong: Codec = { decode: () => undefined, encode: ({ data }) => ({ data }) }
  createClient(webSocket('/live'), { codec: wrong })
  // @ts-expect-error a message has a name
  const nameless: Codec = { decode: ({ data }) => ({ data }), encode: () => '' }
  createClient(webSocket('/live'), { codec: nameless })
  // @ts-expect-error `false`, or a key
  json({ dataKey: true })
}

export function codecsAreExact(): void {
  isTrue<Same<Frame, string | ArrayBuffer | ArrayBufferView>>()
  isTrue<
    Same<
      Pick<Inbound, 'data' | 'event' | 'id'>,
      { readonly data: string | ArrayBuffer; readonly event?: string | undefined; readonly id?: string | undefined }
    >
  >()
  isTrue<
    Same<
      Pick<Message, 'event' | 'data' | 'id'>,
      { readonly event: string; readonly data: unknown; readonly id?: string | undefined }
    >
  >()
  isTrue<Same<Codec['decode'], (frame: Inbound) => Message | undefined>>()
  isTrue<Same<Codec['encode'], (message: Message) => Frame>>()
  isTrue<Same<ReturnType<typeof json>, Codec>>()
  isTrue<Same<typeof text, () => Codec>>()
  isTrue<Same<typeof binary, () => Codec>>()
  isTrue<
    Same<
      Pick<NonNullable<Parameters<typeof json>[0]>, 'typeKey' | 'dataKey' | 'idKey'>,
      { readonly typeKey?: string; readonly dataKey?: string | false; readonly idKey?: string }
    >
  >()
}

export function codecsAreChecked(codec: Codec, frame: Inbound, message: Message): void {
  json({})
  codec.encode({ event: 'a', data: undefined })
  codec.decode({ data: new ArrayBuffer(1), event: undefined, id: undefined })

  // @ts-expect-error a key is text
  json({ typeKey: 1 })
  // @ts-expect-error a misspelt option
  json({ nameKey: 'type' })
  // @ts-expect-error nothing to choose
  text({})
  // @ts-expect-error nothing to choose
  binary('base64')
  // @ts-expect-error a frame came as text or bytes
  codec.decode({ data: 1 })
  // @ts-expect-error a message has a name
  codec.encode({ data: 1 })
  // @ts-expect-error a codec works at once
  const slow: Codec = { decode: async () => undefined, encode: () => '' }
  // @ts-expect-error a codec works both ways
  const half: Codec = { encode: () => '' }
  // @ts-expect-error a frame is read-only
  frame.data = ''
  // @ts-expect-error a message is read-only
  message.event = `${slow}${half}`
}
