import { expect, onTestFinished, test, vi } from 'vitest'
import { chatCompletionClient } from '../../docs/recipes/chat-completion-client.ts'
import { messageClient } from '../../docs/recipes/message-client.ts'
import type { FetchStreamOptions, RealtimeClient } from '../../src/index.ts'
import { until } from '../contract/until.ts'
import {
  byteByByte,
  completionEnd,
  completionOf,
  messageEnd,
  messageEvent,
  messageOf,
  type Script,
  startModelServer,
} from './model-server.ts'

const texts = ['Schöne', ' Grüße', ' 👩‍👩‍👧', ' aus データ']
const whole = texts.join('')

const headers = { 'content-type': 'application/json', authorization: 'Bearer k' }
const request: FetchStreamOptions = {
  headers,
  body: JSON.stringify({ model: 'm', stream: true }),
  fetch: byteByByte(fetch),
}

test('a client posts the request as JSON with its headers', async () => {
  const { follow, requests } = await givenMessage([...messageOf(texts), messageEnd])
  await follow()

  expect(requests).toMatchObject([{ method: 'POST', headers, body: { model: 'm', stream: true } }])
})

test('a client over a message closes at its end, without an error and without a second request', async () => {
  const { follow, requests } = await givenMessage([...messageOf(texts), messageEnd])

  expect(await follow()).toEqual({ shown: whole, state: { status: 'closed' }, codes: [] })
  expect(requests).toHaveLength(1)
})

test('a client over a chat completion closes at `[DONE]`, without an error and without a second request', async () => {
  const { follow, requests } = await givenCompletion([...completionOf(texts), completionEnd])

  expect(await follow()).toEqual({ shown: whole, state: { status: 'closed' }, codes: [] })
  expect(requests).toHaveLength(1)
})

const breaks = [
  { how: 'a cut', rest: ['cut'] },
  { how: 'an end in good order', rest: [] },
] as const

test.each(breaks)(
  'a message that $how leaves incomplete is not asked for again, and told from a whole one',
  async ({ rest }) => {
    const { follow, requests } = await givenMessage([...messageOf(texts), ...rest])
    const { shown, state } = await follow()

    expect(shown).toBe(whole)
    expect(state).toMatchObject({ status: 'closed', error: { code: 'ended', status: 200 } })
    expect(requests).toHaveLength(1)
  },
)

test.each(breaks)('a chat completion that $how leaves incomplete is not asked for again', async ({ rest }) => {
  const { follow, requests } = await givenCompletion([...completionOf(texts), ...rest])
  const { shown, state } = await follow()

  expect(shown).toBe(whole)
  expect(state).toMatchObject({ status: 'closed', error: { code: 'lost' } })
  expect(requests).toHaveLength(1)
})

test('a message that a busy server has not begun is asked for again', async () => {
  const { follow, requests } = await givenMessage({ status: 529 }, [...messageOf(texts), messageEnd])

  expect(await follow()).toEqual({ shown: whole, state: { status: 'closed' }, codes: ['unreachable'] })
  expect(requests).toHaveLength(2)
})

test('a 401 has a message asked for with fresh credentials, and a chat completion given up', async () => {
  const message = await givenMessage({ status: 401 }, [...messageOf(texts), messageEnd])
  const completion = await givenCompletion({ status: 401 }, [...completionOf(texts), completionEnd])

  expect(await message.follow()).toEqual({ shown: whole, state: { status: 'closed' }, codes: ['unauthorized'] })
  expect(await completion.follow()).toMatchObject({ shown: '', state: { error: { code: 'unauthorized' } } })
  expect([message.requests.length, completion.requests.length]).toEqual([2, 1])
})

const clients = [
  ['a message', givenMessage],
  ['a chat completion', givenCompletion],
] as const

test.each(clients)('for %s an answer that is no stream is told as what it is', async (_what, given) => {
  const { follow, requests } = await given({ status: 200 })
  const { state } = await follow()

  expect(state).toMatchObject({ status: 'closed', error: { code: 'not-a-stream', status: 200 } })
  expect(requests).toHaveLength(1)
})

test.each([
  ['a message', messageClient, [...messageOf(texts), messageEnd]],
  ['a chat completion', chatCompletionClient, [...completionOf(texts), completionEnd]],
] as const)('%s whose first byte takes a minute is asked for once', async (_what, clientOf, events) => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const slowly = vi.fn(async (_url: unknown, { signal }: RequestInit = {}) => {
    await new Promise((resolve, reject) => {
      setTimeout(resolve, 60_000)
      signal?.addEventListener('abort', reject)
    })
    return new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } })
  })
  const client = clientOf('https://example.com/', { ...request, fetch: slowly })
  client.connect()
  await vi.advanceTimersByTimeAsync(60_000)

  expect(slowly).toHaveBeenCalledTimes(1)
  expect(client.state).toEqual({ status: 'closed' })
})

test('[FS16] an error in the middle of a message is an event like any other', async () => {
  const error = { type: 'overloaded_error', message: 'Overloaded' }
  const { client, follow } = await givenMessage([...messageOf(['Half']).slice(0, 4), messageEvent('error', { error })])
  const heard: unknown[] = []
  client.on('error', (data) => heard.push(data.error))

  expect(await follow()).toMatchObject({ shown: 'Half', codes: ['ended'] })
  expect(heard).toEqual([error])
})

test('[FS6] `close()` in the middle keeps what was shown, and the server sees the abort', async () => {
  const { client, follow, requests } = await givenMessage([...messageOf(['One', ' two']).slice(0, 5), 'hold'])
  client.on('content_block_delta', ({ delta }) => {
    if (delta.text === ' two') client.close()
  })

  expect(await follow()).toEqual({ shown: 'One two', state: { status: 'closed' }, codes: [] })
  await requests[0]?.aborted
})

test('a message that has begun is not asked for again by whatever dials again', async () => {
  const { client, follow, requests } = await givenMessage([...messageOf(['One', ' two']).slice(0, 5), 'hold'])
  client.on('content_block_delta', ({ delta }) => {
    if (delta.text === ' two') client.reconnect()
  })

  expect(await follow()).toMatchObject({ shown: 'One two', state: { error: { code: 'ended' } } })
  expect(requests).toHaveLength(1)
})

test('a chat completion is not asked for again by whatever dials again', async () => {
  const { client, follow, requests } = await givenCompletion([...completionOf(['One', ' two']), 'hold'])
  client.on('chunk', ({ choices = [] }) => {
    if (choices[0]?.delta?.content === ' two') client.reconnect()
  })

  expect(await follow()).toMatchObject({ shown: 'One two', state: { error: { code: 'ended' } } })
  expect(requests).toHaveLength(1)
})

async function givenMessage(...scripts: readonly Script[]) {
  const { url, requests } = await startModelServer(...scripts)
  const client = messageClient(url, request)
  return {
    requests,
    client,
    follow: follower(client, (show) => client.on('content_block_delta', ({ delta }) => show(delta.text))),
  }
}

async function givenCompletion(...scripts: readonly Script[]) {
  const { url, requests } = await startModelServer(...scripts)
  const client = chatCompletionClient(url, request)
  return {
    requests,
    client,
    follow: follower(client, (show) => client.on('chunk', ({ choices = [] }) => show(choices[0]?.delta?.content))),
  }
}

/** Connects, and resolves with what was shown when the client has closed. */
function follower(
  client: Pick<RealtimeClient, 'state' | 'connect' | 'close' | 'onState' | 'onError' | 'onAny'>,
  listen: (show: (text: string | undefined) => void) => void,
) {
  onTestFinished(() => client.close())
  const codes: string[] = []
  let shown = ''
  client.onError(({ code }) => codes.push(code))
  listen((text = '') => {
    shown += text
  })
  return async () => {
    client.connect()
    await until('the end', () => client.state.status === 'closed')
    return { shown, state: client.state, codes }
  }
}
