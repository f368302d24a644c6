/** Circumstances of the testing kit's transport: its links follow a script once `open` has returned. */
import type { Frame } from '../../src/codec.ts'
import { type FakeLink, fakeTransport } from '../../src/testing/index.ts'
import type { Transport } from '../../src/transport.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'

type Script = (link: FakeLink) => void

export function fakeLinks(options: { readonly duplex: boolean }): Circumstances {
  const opens: Script = (link) => link.open()
  const sends =
    (frames: readonly string[]): Script =>
    (link) => {
      link.open()
      for (const frame of frames) link.receive(frame)
    }
  const follow = (script: Script) => scripted(options, script)

  return {
    accepts: () => follow(opens),
    refusals: {
      'cannot be reached': () => ({ ...follow((link) => link.end()), facts: { code: 'unreachable' } }),
      'says why it refuses': () => ({
        ...follow((link) => link.end({ closeCode: 4003, closeReason: 'full' })),
        facts: { code: 'unreachable', closeCode: 4003, closeReason: 'full' },
      }),
    },
    hangs: () => follow(() => {}),
    sends: (frames) => follow(sends(frames)),
    endsAfter: (frames) => ({
      ...follow((link) => {
        sends(frames)(link)
        link.end({ closeCode: 4002, closeReason: 'so long' })
      }),
      facts: { code: 'lost', closeCode: 4002, closeReason: 'so long' },
    }),
    tellsCloseCode: options.duplex,
  }
}

function scripted(options: { readonly duplex: boolean }, script: Script): Circumstance {
  const fake = fakeTransport(options)
  const ended = new Set<FakeLink>()

  const transport: Transport = {
    ...fake,
    open(request, observer) {
      const heard: typeof observer.ended = (error) => {
        ended.add(own)
        observer.ended(error)
      }
      const link = fake.open(request, { ...observer, ended: heard })
      const own = fake.links.at(-1) as FakeLink
      queueMicrotask(() => script(own))
      return link
    },
  }

  return {
    transport,
    async seen() {
      const { links } = fake
      const closed = links.filter((link) => link.closed)
      return {
        dials: links.length,
        live: links.filter((link) => !link.closed && !ended.has(link)).length,
        received: links.flatMap(({ sent }) => sent.map(written)),
        closes: closed.map(({ closedWith: [code = 1005, reason = ''] }) => ({ code, reason })),
        requests: links.map(() => ({ url: '', headers: {} })),
      }
    },
  }
}

function written(frame: Frame): string {
  if (typeof frame === 'string') return frame
  const { buffer = frame, byteOffset, byteLength } = frame as Partial<ArrayBufferView<ArrayBuffer>>
  return `bytes ${[...new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)]}`
}
