/** What a link must do by itself, without a client: TR1 to TR5, and the order of frames. */
import { describe, expect, test } from 'vitest'
import { isRealtimeError } from '../../src/errors.ts'
import type { Circumstances } from './circumstances.ts'
import { factsOf, told } from './facts-of.ts'
import { recordLink } from './recorded-link.ts'
import { dialed, gone, openNext, seenBy } from './seen-by.ts'
import { until } from './until.ts'

const frames = ['one', 'two', 'three'] as const
const received = (frame: string) => `received ${frame}`

export function describeLinks(circumstances: Circumstances): void {
  const { accepts, hangs, sends, endsAfter, throws, tellsCloseCode } = circumstances
  const refusals = Object.entries({ ...circumstances.refusals, ...circumstances.dismissals })
  const isDuplex = 'duplex' in accepts().transport

  describe('open', () => {
    test('[TR1] nothing is reported before open has returned', async () => {
      const attempt = recordLink(accepts().transport)
      await attempt.opened()

      expect(attempt.early).toEqual([])
    })

    test.each(refusals)('[TR1] a peer that %s is reported after open has returned', async (_, refuses) => {
      const attempt = recordLink(refuses().transport)
      await attempt.ended()

      expect(attempt.early).toEqual([])
    })

    test('[TR4] a link that is known to be good is opened, once', async () => {
      const peer = accepts()
      const attempt = recordLink(peer.transport)
      await attempt.opened()

      expect(attempt.reports).toEqual(['opened'])
      expect(await peer.seen()).toMatchObject({ dials: 1, live: 1 })
    })

    test('[TR4] a link to a peer that does not answer is not reported as open', async () => {
      const peer = hangs()
      const attempt = recordLink(peer.transport)
      await dialed(peer)

      expect(attempt.reports).toEqual([])
    })

    test.each(refusals)('[TR2][TR4] a link to a peer that %s ends once and is never open', async (_, refuses) => {
      const peer = refuses()
      const attempt = recordLink(peer.transport)
      await attempt.ended()
      await gone(peer)

      expect(attempt.reports).toEqual(['ended'])
    })

    test.each(refusals)('[TR5] a peer that %s is reported with its facts alone', async (_, refuses) => {
      const { transport, facts } = refuses()
      const attempt = recordLink(transport)
      await attempt.ended()

      expect(attempt.errors.map(factsOf)).toEqual([facts])
    })

    test('two links of one transport do not know of each other', async () => {
      const peer = accepts()
      const first = recordLink(peer.transport)
      const second = recordLink(peer.transport)
      await first.opened()
      await second.opened()
      first.link.close()
      await seenBy(peer, ({ live }) => live === 1)

      expect([first.reports, second.reports]).toEqual([['opened'], ['opened']])
    })
  })

  if (throws)
    describe('a constructor that throws', () => {
      test('[TR1] becomes the end of the link, with its cause', async () => {
        const cause = new TypeError('no more sockets')
        const attempt = recordLink(throws(cause))
        await attempt.ended()

        expect(attempt.early).toEqual([])
        expect(attempt.reports).toEqual(['ended'])
        expect(attempt.errors[0]).toMatchObject({ code: 'unreachable', cause })
      })

      test('[TR1] is not told where the link was closed before', async () => {
        const attempt = recordLink(throws(new TypeError('no more sockets')))
        attempt.link.close()
        await openNext(accepts())

        expect(attempt.reports).toEqual([])
      })

      test("[TR7] does not quote the platform's message, which holds the URL", async () => {
        const attempt = recordLink(throws(new DOMException('The URL wss://x/?token=s3cret is bad.', 'SyntaxError')))
        await attempt.ended()

        expect(told(attempt.errors[0])).not.toContain('s3cret')
      })
    })

  describe('the end of a link', () => {
    test('[TR2] it comes once, after everything that was received', async () => {
      const peer = endsAfter(frames)
      const attempt = recordLink(peer.transport)
      await attempt.ended()
      await gone(peer)

      expect(attempt.reports).toEqual(['opened', ...frames.map(received), 'ended'])
    })

    test('[TR5] it is reported with its facts alone', async () => {
      const { transport, facts } = endsAfter([])
      const attempt = recordLink(transport)
      await attempt.ended()

      expect(attempt.errors.map(factsOf)).toEqual([facts])
    })

    test('[TR5] its error is one of the library, and may be tried again', async () => {
      const attempt = recordLink(endsAfter([]).transport)
      await attempt.ended()

      expect(attempt.errors.map(isRealtimeError)).toEqual([true])
      expect(attempt.errors[0]).toMatchObject({ name: 'RealtimeError', retryable: true })
    })

    test('[TR2][TR3] close after it does nothing', async () => {
      const attempt = recordLink(endsAfter([]).transport)
      await attempt.ended()
      attempt.link.close()
      attempt.link.close()

      expect(attempt.reports).toEqual(['opened', 'ended'])
    })

    test('[TR2][TR3] close from inside it does nothing', async () => {
      const peer = endsAfter([])
      const attempt = recordLink(peer.transport, {}, { ended: (link) => link.close() })
      await attempt.ended()
      await gone(peer)

      expect(attempt.reports).toEqual(['opened', 'ended'])
    })
  })

  describe('close', () => {
    test('[TR3] it silences an open link, and the peer sees it', async () => {
      const peer = accepts()
      const attempt = recordLink(peer.transport)
      await attempt.opened()
      attempt.link.close()
      await gone(peer)

      expect(attempt.reports).toEqual(['opened'])
    })

    test('[TR3] it may be called again and again', async () => {
      const peer = accepts()
      const attempt = recordLink(peer.transport)
      await attempt.opened()
      for (let time = 0; time < 3; time += 1) attempt.link.close()
      await gone(peer)
      attempt.link.close()

      expect(attempt.reports).toEqual(['opened'])
    })

    test('[TR3] it silences a link during the handshake, and the peer sees it', async () => {
      const peer = hangs()
      const attempt = recordLink(peer.transport)
      await dialed(peer)
      attempt.link.close()
      await gone(peer)

      expect(attempt.reports).toEqual([])
    })

    test('[TR3] in the tick of open it keeps the link silent', async () => {
      const peer = accepts()
      const attempt = recordLink(peer.transport)
      attempt.link.close()
      await openNext(peer)

      expect(attempt.reports).toEqual([])
      await seenBy(peer, ({ live }) => live === 1)
    })

    test('[TR3] inside opened it keeps everything else silent', async () => {
      const peer = sends(frames)
      const attempt = recordLink(peer.transport, {}, { opened: (link) => link.close() })
      await attempt.opened()
      await gone(peer)

      expect(attempt.reports).toEqual(['opened'])
    })

    test('[TR3] inside received it keeps all later frames silent', async () => {
      const peer = sends(frames)
      const attempt = recordLink(peer.transport, {}, { received: (link) => link.close() })
      await until('a frame', () => attempt.frames.length > 0)
      await gone(peer)

      expect(attempt.reports).toEqual(['opened', 'received one'])
    })

    if (tellsCloseCode)
      test('[TR3] its code and reason reach the peer', async () => {
        const peer = accepts()
        const attempt = recordLink(peer.transport)
        await attempt.opened()
        attempt.link.close(4100, 'signed out')
        await gone(peer)

        expect((await peer.seen()).closes).toEqual([{ code: 4100, reason: 'signed out' }])
      })
  })

  describe('frames', () => {
    test('[RT5] they are received in the order of their arrival', async () => {
      const attempt = recordLink(sends(frames).transport)
      await until('all frames', () => attempt.frames.length >= frames.length)

      expect(attempt.reports).toEqual(['opened', ...frames.map(received)])
    })

    if (isDuplex)
      test('[SQ2] what a link sends reaches the peer once and in order', async () => {
        const peer = accepts()
        const { link, ...attempt } = recordLink(peer.transport)
        await attempt.opened()
        for (const frame of frames) link.send?.(frame)
        link.send?.(Uint8Array.of(7, 8))
        await seenBy(peer, (facts) => facts.received.length > frames.length)

        expect((await peer.seen()).received).toEqual([...frames, 'bytes 7,8'])
      })

    if (!isDuplex)
      test('[SQ2] a link that only receives has no send', () => {
        expect(recordLink(accepts().transport).link.send).toBeUndefined()
      })
  })
}
