/** Circumstances of `fetchStream` over a fetch of our own. */
import type { Transport } from '../../src/transport.ts'
import { fetchStream } from '../../src/transports/fetch-stream.ts'
import { type FakeRequest, fakeFetch } from '../fakes/fake-fetch.ts'
import type { Circumstance, Circumstances } from './circumstances.ts'

type Script = (request: FakeRequest) => void

export function fakeFetches(): Circumstances {
  const sends =
    (frames: readonly string[]): Script =>
    (request) => {
      request.answer()
      if (frames.length) request.send(frames.map((data) => `data: ${data}\n\n`).join(''))
    }
  const answers =
    (status: number, headers = {}): Script =>
    (request) => {
      request.answer(status, headers)
      request.end()
    }

  return {
    accepts: () => scripted((request) => request.answer()),
    refusals: {
      'answers 503': () => ({ ...scripted(answers(503)), facts: { code: 'unreachable', status: 503 } }),
      'cannot be reached': () => ({ ...scripted((request) => request.fail()), facts: { code: 'unreachable' } }),
    },
    dismissals: {
      'answers 204': () => ({ ...scripted(answers(204)), facts: { code: 'ended', status: 204 } }),
      'answers 403': () => ({ ...scripted(answers(403)), facts: { code: 'refused', status: 403 } }),
      'answers 401, twice,': () => ({ ...scripted(answers(401)), facts: { code: 'unauthorized', status: 401 } }),
      'answers with a page': () => ({
        ...scripted(answers(200, { 'content-type': 'text/html' })),
        facts: { code: 'not-a-stream', status: 200 },
      }),
    },
    hangs: () => scripted(() => {}),
    sends: (frames) => scripted(sends(frames)),
    endsAfter: (frames) => ({
      ...scripted((request) => {
        sends(frames)(request)
        request.end()
      }),
      facts: { code: 'lost', status: 200 },
    }),
    throws: (cause) =>
      fetchStream('http://fake.test/', {
        fetch() {
          throw cause
        },
      }),
    tellsCloseCode: false,
  }
}

function scripted(made: Script): Circumstance {
  const url = 'http://fake.test/'
  const { fetch, requests } = fakeFetch({ made })
  const make = (where: Parameters<typeof fetchStream>[0]): Transport => fetchStream(where, { fetch })
  return {
    transport: make(url),
    provided: (provide) => make((attempt) => provide(url, attempt)),
    seen: async () => ({
      dials: requests.length,
      live: requests.filter(({ live }) => live).length,
      received: [],
      closes: [],
      requests: requests.map(({ url, headers }) => ({ url, headers: Object.fromEntries(headers) })),
    }),
  }
}
