import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createClient, type DuplexTransport, type Link, type LinkObserver } from '../../src/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'

/** Does nothing and keeps nothing but its newest observer. */
function forgetfulTransport(): DuplexTransport & { newest: LinkObserver | undefined; live: number } {
  const transport = {
    name: 'forgetful',
    duplex: true as const,
    newest: undefined as LinkObserver | undefined,
    live: 0,
    open(_: unknown, observer: LinkObserver): Link {
      transport.newest = observer
      transport.live += 1
      return {
        send() {},
        close() {
          transport.live -= 1
        },
      }
    },
  }
  return transport
}

/** A client that has connected, opened, sent, received, failed, waited and closed a thousand times per call. */
function givenCycles() {
  const transport = forgetfulTransport()
  const environment = fakeEnvironment()
  const client = createClient(transport, { environment, signal: new AbortController().signal })
  const noop = () => {}

  function runThousand() {
    for (let cycle = 0; cycle < 1000; cycle += 1) {
      const stop = client.on('news', noop)
      client.connect()
      client.opened().catch(noop)
      client.send('note', cycle)
      transport.newest?.opened()
      transport.newest?.received({ data: '{"type":"news","id":1}' })
      if (cycle % 2) client.reconnect()
      else transport.newest?.ended(undefined as never)
      stop()
      client.close()
      client.connect()
      client.close()
    }
  }

  return { client, environment, transport, runThousand }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function usedHeap(environment: ReturnType<typeof fakeEnvironment>): Promise<number> {
  // Promises that have settled are let go of first.
  await environment.advance(0)
  collect()
  return process.memoryUsage().heapUsed
}

test('[CN14] a thousand cycles leave no timer and no link', { timeout: 30_000 }, () => {
  const { environment, transport, runThousand } = givenCycles()
  runThousand()

  expect(environment.held).toBe(0)
  expect(transport.live).toBe(0)
})

test('[CN14] thousands of cycles leave the memory where it was', { timeout: 30_000 }, async () => {
  const { environment, runThousand } = givenCycles()
  runThousand()
  let before = await usedHeap(environment)
  const grown: number[] = []
  for (let round = 0; round < 3; round += 1) {
    runThousand()
    const after = await usedHeap(environment)
    grown.push((after - before) / 1000)
    before = after
  }
  // The platform's own memory moves a little up and down; what leaks grows in every round, a closure by 64 bytes and more.
  const [, median] = grown.sort((a, b) => a - b)

  expect(median).toBeLessThan(50)
})
