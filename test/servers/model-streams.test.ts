import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { chatCompletion } from '../../docs/recipes/chat-completion.ts'
import { messageStream } from '../../docs/recipes/message-stream.ts'
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

const texts = ['Schöne', ' Grüße', ' 👩‍👩‍👧', ' aus', '\n\nデータ: [DONE]', '']
const whole = texts.join('')
const lost = { code: 'lost', retryable: true }

/** Both formats, and what they have in common. */
const formats = [
  { name: 'chatCompletion', stream: chatCompletion, body: completionOf, end: completionEnd, finish: 'stop' },
  { name: 'messageStream', stream: messageStream, body: messageOf, end: messageEnd, finish: 'end_turn' },
] as const

describe.each(formats)('$name', ({ stream, body, end, finish }) => {
  const answer = [...body(texts), end]

  test('posts the request as JSON with its headers, and shows the text as it comes', async () => {
    const { ask, requests } = await givenModel(answer)

    expect(await ask()).toEqual({ shown: whole, finish })
    expect(requests).toMatchObject([
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
        body: { model: 'm', stream: true },
      },
    ])
  })

  test('a stream that comes byte by byte gives the same text', async () => {
    const { ask } = await givenModel(answer)
    vi.stubGlobal('fetch', byteByByte(fetch))
    onTestFinished(() => void vi.unstubAllGlobals())

    expect(await ask()).toEqual({ shown: whole, finish })
  })

  test('comments and blank lines between the events, and CRLF, change nothing', async () => {
    const { ask } = await givenModel(
      answer.map((frame) => `: keep-alive\n\n\n${frame.replaceAll('\n', '\r\n')}: ${frame.length}\r\n`),
    )

    expect(await ask()).toEqual({ shown: whole, finish })
  })

  test('what follows the end is not waited for', async () => {
    const { ask, requests } = await givenModel([...answer, 'hold'])

    expect(await ask()).toEqual({ shown: whole, finish })
    await requests[0]?.aborted
  })

  test('a connection that breaks is told after the text that came, and is not taken for the end', async () => {
    const { ask } = await givenModel([...body(texts), 'cut'])

    expect(await ask()).toMatchObject({ shown: whole, error: lost })
  })

  test('a stream that ends in good order before its end is told as well', async () => {
    const { ask } = await givenModel(body(texts))

    expect(await ask()).toMatchObject({ shown: whole, error: lost })
  })

  test('"Stop generating" in the middle keeps what was shown, and the server sees the abort', async () => {
    const stop = new AbortController()
    const { ask, requests } = await givenModel([...body(['One', ' two']).slice(0, -2), 'hold'], stop)

    expect(await ask({ stopAt: 'One two' })).toEqual({ shown: 'One two', error: stop.signal.reason })
    await requests[0]?.aborted
  })

  test.each([
    [401, { code: 'unauthorized', status: 401 }],
    [429, { code: 'refused', status: 429, retryable: true }],
    [400, { code: 'refused', status: 400, retryable: false }],
  ])('an answer with %i is an error before any text', async (status, error) => {
    const { ask } = await givenModel({ status })

    expect(await ask()).toMatchObject({ shown: '', error })
  })

  async function givenModel(script: Script, stop = new AbortController()) {
    const server = await startModelServer(script)
    let shown = ''
    const ask = async ({ stopAt }: { readonly stopAt?: string } = {}) => {
      const show = (text: string) => {
        shown += text
        if (shown === stopAt) stop.abort()
      }
      const asked = {
        headers: { authorization: 'Bearer k' },
        request: { model: 'm' },
        signal: stop.signal,
      }
      return await stream(server.url, asked, show).then(
        (reason) => ({ shown, finish: reason }),
        (error: unknown) => ({ shown, error }),
      )
    }
    return { ...server, ask }
  }
})

test('an error in the middle of a chat completion, in a frame of its own, is told with its words', async () => {
  const error = { message: 'The server had an error', type: 'server_error' }
  const frame = `data: ${JSON.stringify({ error })}\n\n`
  const { url } = await startModelServer([...completionOf(['Half']).slice(0, 2), frame, completionEnd])
  let shown = ''
  const asked = chatCompletion(url, { request: {} }, (text) => {
    shown += text
  })

  await expect(asked).rejects.toMatchObject({ ...lost, message: 'The server had an error', cause: error })
  expect(shown).toBe('Half')
})

test('choices without a delta, as Azure sends them, are passed over', async () => {
  const frame = 'data: {"choices":[{"index":0,"finish_reason":null,"content_filter_offsets":{}}]}\n\n'
  const { url } = await startModelServer([frame, ...completionOf(['Text']), frame, completionEnd])
  const shown: string[] = []

  expect(await chatCompletion(url, { request: {} }, (text) => shown.push(text))).toBe('stop')
  expect(shown).toEqual(['Text'])
})

test('an event named `error` in the middle of a message is told with its type', async () => {
  const overloaded = { type: 'overloaded_error', message: 'Overloaded' }
  const frames = [...messageOf(['Half']).slice(0, 4), messageEvent('error', { error: overloaded })]
  const { url } = await startModelServer(frames)
  let shown = ''
  const asked = messageStream(url, { request: {} }, (text) => {
    shown += text
  })

  await expect(asked).rejects.toMatchObject({ ...lost, message: 'Overloaded', cause: overloaded })
  expect(shown).toBe('Half')
})

test('deltas that are no text, and events that are yet to come, are passed over', async () => {
  const input = { index: 1, delta: { type: 'input_json_delta', partial_json: '{"a' } }
  const frames = [
    messageEvent('content_block_delta', input),
    messageEvent('a_new_one', { delta: 1 }),
    ...messageOf(['Text'], 'max_tokens'),
  ]
  const { url } = await startModelServer([...frames, messageEnd])
  const shown: string[] = []

  expect(await messageStream(url, { request: {} }, (text) => shown.push(text))).toBe('max_tokens')
  expect(shown).toEqual(['Text'])
})
