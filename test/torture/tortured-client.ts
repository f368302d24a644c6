/** What a client hears of a tortured stream, and what it gets through the other way. Runs in Node and in a page. */
import { sendUntilAcknowledged } from '../../docs/recipes/send-until-acknowledged.ts'
import {
  type ClientOptions,
  createClient,
  type DuplexTransport,
  eventSource,
  fetchStream,
  type RealtimeClient,
  type Transport,
  webSocket,
} from '../../src/index.ts'
import { type Numbered, numbered } from './numbered-message.ts'

/** What has to be passed where the platform has no such thing. */
export interface Platform {
  readonly WebSocket?: typeof WebSocket
  readonly EventSource?: typeof EventSource
}

/** Each resumes in its own way; the last leaves it to the browser, as far as the browser goes. */
export const receivers = {
  webSocket: (origin, platform) =>
    webSocket(({ lastEventId }) => `${origin}/stream?since=${encodeURIComponent(lastEventId)}`, platform),
  fetchStream: (origin) => fetchStream(`${origin}/stream`),
  eventSource: (origin, platform) =>
    eventSource(`${origin}/stream?events`, { ...platform, events: ['beat'], lastEventIdParam: 'since' }),
  'eventSource, by the browser': (origin, platform) =>
    eventSource(`${origin}/stream?events`, { ...platform, events: ['beat'] }),
} as const satisfies Record<string, (origin: string, platform: Platform) => Transport>

/** Everything that can send, and hears the server's acknowledgements. */
export const senders = {
  webSocket: (origin, platform) => webSocket(`${origin}/stream`, platform),
} as const satisfies Record<string, (origin: string, platform: Platform) => DuplexTransport>

export interface Outcome {
  /** How many came in order, from the first on. */
  readonly inOrder: number
  readonly repeated: number
  readonly missing: number
  /** Messages with another content than the server gave them. */
  readonly damaged: number
  /** Where `lastEventId` was not yet that of the message. */
  readonly late: number
  readonly opened: number
  /** Error code → how often it was told. */
  readonly errors: Readonly<Record<string, number>>
  readonly milliseconds: number
}

const impatient: ClientOptions = {
  reconnect: { minDelay: 10, maxDelay: 50, stableAfter: 20 },
  openTimeout: 250,
  heartbeat: { idle: 60, timeout: 60, probe: { event: 'ping' } },
}
/** A listener reconnects each time so many messages have come, and must come back with the id of the very message that it hears. */
const reconnectEvery = 5000
/** A client is stuck when nothing new has come for so many milliseconds. */
const patience = 20_000
/** The most messages that are posted and not acknowledged. */
const window = 300

/** Resolves when the last one is here. */
export function receiveAll(
  kind: keyof typeof receivers,
  { origin, count, dedupe }: { readonly origin: string; readonly count: number; readonly dedupe: number },
  platform: Platform = {},
): Promise<Outcome> {
  const client = createClient<{ numbered: Numbered }>(receivers[kind](origin, platform), { ...impatient, dedupe })
  const seen = { inOrder: 0, repeated: 0, missing: 0, damaged: 0, late: 0 }
  let newest = 0

  return new Promise((resolve, reject) => {
    const end = watch(client, () => newest, reject)
    client.on('numbered', ({ n, text }, { id }) => {
      if (n <= newest) seen.repeated += 1
      else if (n === newest + 1) seen.inOrder += 1
      else seen.missing += n - newest - 1
      if (text !== numbered(n).text) seen.damaged += 1
      if (client.lastEventId !== `${n}` || id !== `${n}`) seen.late += 1
      const isNew = n > newest
      newest = Math.max(newest, n)
      if (n === count) resolve({ ...seen, ...end() })
      else if (isNew && n % reconnectEvery === 0) client.reconnect()
    })
    client.connect()
  })
}

/** Resolves when the last one is acknowledged. What has arrived, and how often, the server has to say. */
export function postAll(
  kind: keyof typeof senders,
  { origin, count }: { readonly origin: string; readonly count: number },
  platform: Platform = {},
): Promise<Pick<Outcome, 'opened' | 'errors' | 'milliseconds'>> {
  const client = createClient(senders[kind](origin, platform), { ...impatient, queue: { whenFull: 'drop-newest' } })
  const outbox = new Map<number, unknown>()
  const post = sendUntilAcknowledged(client, 'tortured', outbox)
  let posted = 0

  return new Promise((resolve, reject) => {
    const end = watch(client, () => posted - outbox.size, reject)
    const fill = () => {
      while (posted < count && outbox.size < window) post(numbered(++posted))
      if (outbox.size === 0) resolve(end())
    }
    client.on('taken', fill)
    fill()
    client.connect()
  })
}

/** Rejects, with what is known, where nothing gets on any more. Returns what closes the client and says how it went. */
function watch(
  client: Pick<RealtimeClient, 'state' | 'onState' | 'onError' | 'close'>,
  progress: () => number,
  reject: (stuck: Error) => void,
) {
  const startedAt = Date.now()
  const errors: Record<string, number> = {}
  let opened = 0
  let before = -1
  client.onState(({ status }) => {
    if (status === 'open') opened += 1
  })
  client.onError(({ code }) => {
    errors[code] = (errors[code] ?? 0) + 1
  })
  const end = () => {
    clearInterval(watching)
    client.close()
    return { opened, errors, milliseconds: Date.now() - startedAt }
  }
  const watching = setInterval(() => {
    const { status } = client.state
    if (progress() === before) reject(new Error(`Stuck at ${before}, ${status}: ${JSON.stringify(end())}`))
    before = progress()
  }, patience)
  return end
}
