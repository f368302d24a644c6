/** Circumstances of `eventSource` over our own EventSource. */
import type { Transport } from '../../src/transport.ts'
import { eventSource } from '../../src/transports/event-source.ts'
import { type FakeSource, fakeEventSources } from '../fakes/fake-event-source.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'
import { throwing } from './throwing.ts'

type Script = (source: FakeSource) => void

export function fakeSources(): Circumstances {
  const sends =
    (frames: readonly string[]): Script =>
    (source) => {
      source.open()
      for (const data of frames) source.send({ data })
    }

  return {
    accepts: () => scripted((source) => source.open()),
    refusals: {
      'answers with no stream': () => ({ ...scripted((source) => source.fail()), facts: { code: 'unreachable' } }),
      'cannot be reached': () => ({ ...scripted((source) => source.drop()), facts: { code: 'unreachable' } }),
    },
    hangs: () => scripted(() => {}),
    sends: (frames) => scripted(sends(frames)),
    endsAfter: (frames) => ({
      ...scripted((source) => {
        sends(frames)(source)
        source.drop()
      }),
      facts: { code: 'lost' },
    }),
    throws: (cause) => eventSource('http://fake.test/', { EventSource: throwing<typeof EventSource>(cause) }),
    tellsCloseCode: false,
  }
}

function scripted(script: Script): Circumstance {
  const url = 'http://fake.test/'
  const { EventSource, sources } = fakeEventSources(script)
  const make = (where: Parameters<typeof eventSource>[0]): Transport => eventSource(where, { EventSource })
  return {
    transport: make(url),
    provided: (provide) => make((attempt) => provide(url, attempt)),
    seen: async () => ({
      dials: sources.length,
      live: sources.filter(({ readyState }) => readyState < 2).length,
      received: [],
      closes: [],
      requests: sources.map((source) => ({ url: source.url, headers: {} })),
    }),
  }
}
