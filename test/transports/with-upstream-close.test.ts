import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import { type FakeEnvironment, fakeEnvironment } from '../../src/testing/index.ts'
import type { Attempt, LinkSession, Transport } from '../../src/transport.ts'
import { withUpstream } from '../../src/transports/with-upstream.ts'
import { later } from '../contract/providing.ts'
import { linkRequest, recordLink } from '../contract/recorded-link.ts'
import { until } from '../contract/until.ts'
import { givenPosting, givenUpstream } from './posting.ts'

describe('close', () => {
  test('[UP3] it aborts the POST under way, and says so', async () => {
    const { client, send, request, told, environment, settled } = givenPosting()
    await send(1)
    client.close()
    expect(request().aborted).toBe(true)
    await settled()

    expect(told.errors).toMatchObject([{ code: 'aborted' }])
    expect(environment.held).toBe(0)
  })

  test('[UP3] it does so while there is no link', async () => {
    const { client, link, send, request, environment, settled } = givenPosting()
    await send(1)
    link().end()
    expect(client.state.status).toBe('waiting')
    client.close()
    await settled()

    expect(request().aborted).toBe(true)
    expect(environment.held).toBe(0)
  })

  test('[UP3] it does so while the page is frozen', async () => {
    const { client, send, request, environment } = givenPosting()
    await send(1)
    environment.freeze()
    client.close()

    expect(request().aborted).toBe(true)
    expect(environment.held).toBe(0)
  })

  test('[UP3] an error that closes the client does so, too', async () => {
    const { link, send, request, environment } = givenPosting()
    await send(1)
    link().end({ code: 'refused' })

    expect(request().aborted).toBe(true)
    expect(environment.held).toBe(0)
  })

  test('[UP3] it ends the wait for a repeat', async () => {
    const { client, send, answer, requests, environment } = givenPosting()
    await send(1)
    await answer(503)
    client.close()
    expect(environment.held).toBe(0)
    await environment.advance(60_000)

    expect(requests).toHaveLength(1)
  })

  test('[UP3] inside the listener of a failed try it leaves no timer', async () => {
    const { client, send, answer, requests, environment } = givenPosting()
    client.onError(() => client.close())
    await send(1)
    await answer(503)

    expect(environment.held).toBe(0)
    expect(requests).toHaveLength(1)
  })

  test('[UP2][UP3] inside the listener of a refusal it tells nothing more of that message', async () => {
    const { client, send, answer, told } = givenPosting()
    client.onError(() => client.close())
    await send(1)
    await answer(403)

    expect(told.codes).toEqual(['refused'])
  })

  test('[UP3] while a provider is asked, nothing is posted, whatever it says later', async () => {
    const { promise, resolve } = later<string>()
    const signals: AbortSignal[] = []
    const url = ({ signal }: Attempt) => {
      signals.push(signal)
      return promise
    }
    const { client, send, requests, told, environment, settled } = givenPosting({ url })
    await send(1)
    client.close()
    resolve('https://example.org/')
    await settled()

    expect(requests).toHaveLength(0)
    expect(told.errors).toMatchObject([{ code: 'aborted', message: 'POSTs aborted: 1.' }])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(environment.held).toBe(0)
  })

  test('[UP3] inside a provider it posts nothing', async () => {
    const { client, send, requests, environment } = givenPosting({
      url: () => {
        client.close()
        return 'https://example.org/'
      },
    })
    await send(1)

    expect(requests).toHaveLength(0)
    expect(environment.held).toBe(0)
  })

  test('[UP3] an answer that comes in spite of it is released and changes nothing more', async () => {
    const { client, send, answer, request, told } = givenPosting({ ignoresSignal: true })
    await send(1)
    client.close()
    await answer(503)

    expect(request().cancelled).toBe(true)
    expect(told.errors).toMatchObject([{ code: 'aborted' }])
  })

  test('[UP3][CN6] what comes after close and connect starts anew', async () => {
    const { client, link, send, answer, posted } = givenPosting()
    await send(1, 2)
    client.close()
    client.connect()
    link().open()
    expect(await send(3)).toEqual(['sent'])
    await answer()

    expect(posted()).toEqual([1, 3])
  })

  test('[UP3][CN6] a client that is closed and connected from within the abort of its POST can post', async () => {
    const { client, link, send, request, posted } = givenPosting()
    await send(1)
    request().init.signal?.addEventListener('abort', () => {
      if (client.state.status === 'closed') client.connect()
    })
    client.close()
    expect(client.state.status).toBe('connecting')
    link().open()
    await send(2)

    expect(posted()).toEqual([1, 2])
    expect(request()).toMatchObject({ aborted: false })
  })

  test('[UP3] one client of a transport leaves the POSTs of another alone', async () => {
    const { client, transport, send, request, settled, requests } = givenPosting()
    const { link } = recordLink(transport)
    link.send?.('raw')
    await send(1)
    client.close()
    await settled()

    expect(requests.map(({ aborted }) => aborted)).toEqual([false, true])
    expect(request().aborted).toBe(true)
  })
})

describe('a link that nobody but its caller is behind', () => {
  test('[UP3][TR3] close aborts its POST and drops the rest', async () => {
    const { transport, requests, settled } = givenUpstream()
    const { link } = recordLink(transport)
    link.send?.('one')
    link.send?.('two')
    await settled()
    link.close()
    await settled()

    expect(requests.map(({ aborted }) => aborted)).toEqual([true])
    expect(link).toMatchObject({ busy: false, bufferedAmount: 0 })
  })

  test('[UP3][TR3] after close it posts nothing', async () => {
    const { transport, requests, settled } = givenUpstream()
    const { link } = recordLink(transport)
    link.close()
    link.send?.('late')
    await settled()

    expect(requests).toEqual([])
  })

  test('[UP2] its POST has as long as the link had to open', async () => {
    const { transport, requests, settled } = givenUpstream()
    const environment = fakeEnvironment()
    const { link } = recordLink(transport, { environment, deadline: environment.now() + 3000 })
    link.send?.('one')
    await settled()
    await environment.advance(2999)
    expect(requests[0]?.aborted).toBe(false)
    await environment.advance(1)

    expect(requests[0]?.aborted).toBe(true)
  })
})

test('[CN14] links of one session leave nothing at its signal', () => {
  const { client, link, links } = givenPosting()
  const { signal } = link().request.session as LinkSession
  const listened = vi.spyOn(signal, 'addEventListener')
  for (let cycle = 0; cycle < 5; cycle += 1) {
    client.reconnect()
    link().open()
  }

  expect(links).toHaveLength(6)
  expect(listened).not.toHaveBeenCalled()
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('[CN14] the transport forgets a session that is over', async () => {
  let aborts = 0
  // One that keeps nothing: the stack of a signal's reason would hold on to whoever has aborted it.
  const fetch = (_: unknown, { signal }: RequestInit = {}) =>
    new Promise<Response>((_, reject) => {
      signal?.addEventListener('abort', () => {
        aborts += 1
        reject()
      })
    })
  const inner: Transport = { name: 'forgetful', open: () => ({ close() {} }) }
  const transport = withUpstream(inner, 'http://fake.test/', { fetch })
  const over = await leaveSession(transport)
  await until('it to be collected', () => {
    collect()
    return over.deref() === undefined
  })

  expect(aborts).toBe(1)
})

/** Posts something and is over, in a function of its own, so that the test holds on to nothing of it. */
async function leaveSession(transport: Transport): Promise<WeakRef<AbortSignal>> {
  const closing = new AbortController()
  const { signal } = closing
  const request = linkRequest({ session: { signal, bufferedAmount: 0, report() {}, ready() {} } })
  const silent = { opened() {}, received() {}, alive() {}, retryAfter() {}, interrupted() {}, ended() {} }
  transport.open(request, silent).send?.('one')
  await (request.environment as FakeEnvironment).advance(0)
  closing.abort()
  return new WeakRef(signal)
}

test('[CN14] a thousand sessions leave no timer behind', async () => {
  const { client, link, environment, settled } = givenUpstream()
  for (let cycle = 0; cycle < 1000; cycle += 1) {
    client.connect()
    link().open()
    client.send('note', cycle)
    client.close()
  }
  await settled()

  expect(environment.held).toBe(0)
})
