/** Why a client rests, and that it does not for any other reason, whatever its page goes through with links that open and end. */
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RealtimeError } from '../../src/index.ts'
import { givenRaw } from '../circumstances.ts'
import { holds, timeout } from './runs.ts'

const news = fc.constantFrom('hide', 'show', 'freeze', 'resume', 'pagehide', 'pageshow', 'offline', 'online')
const drawn = fc.record({
  hidden: fc.constantFrom(0, 1000, 5000),
  steps: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: news },
      { weight: 2, arbitrary: fc.constantFrom('opens', 'opens', 'ends', 'ends and asks for time') },
      { weight: 2, arbitrary: fc.constantFrom(0, 1, 300, 999, 1000, 3000, 5000, 20_000) },
    ),
    { maxLength: 24, size: 'max' },
  ),
})

test('[LC1][LC2][LC3][LC4] a client rests for as long as its page gives a reason, and for no other', {
  timeout,
}, async () => {
  await holds('as long as its page gives a reason', drawn, async ({ hidden, steps }) => {
    const { client, environment, transport } = givenRaw({}, { lifecycle: { hidden } })
    client.connect()
    /** When it was hidden, for as long as it may still be shown in time. */
    let hiddenAt = Infinity
    let isResting = false
    let isFrozen = false
    let isOffline = false
    const ended = new Set<unknown>()

    for (const step of steps) {
      const link = transport.links.find((one) => !one.closings && !ended.has(one))
      if (typeof step === 'number') await environment.advance(step)
      else if (step === 'opens') link?.observer.opened()
      else if (step.startsWith('ends')) {
        ended.add(link)
        link?.observer.ended(new RealtimeError('lost', 'of the model', step === 'ends' ? {} : { retryAfter: 2000 }))
      } else if (step === 'hide' || step === 'show') {
        if (step === 'show') hiddenAt = Infinity
        else if (!environment.isHidden?.()) hiddenAt = environment.now()
        // Whatever the browser has done to a hidden page, it is cured by being shown.
        if (step === 'show' && isResting) isResting = isFrozen = false
        environment.setVisible(step === 'show')
      } else if (step === 'offline' || step === 'online') {
        isOffline = step === 'offline'
        environment.setOnline(!isOffline)
      } else {
        isFrozen = !isResting && (step === 'freeze' || step === 'pagehide')
        if (step === 'pageshow') isOffline = false
        if (step === 'freeze') environment.freeze()
        else if (step === 'resume') environment.resume()
        else if (step === 'pagehide') environment.pageHide(true)
        else environment.pageShow(true)
      }
      await environment.advance(0)
      if (environment.now() >= hiddenAt + hidden) {
        isResting = true
        hiddenAt = Infinity
      }

      const { state } = client
      const reason = state.status === 'suspended' ? state.reason : undefined
      if (isResting) expect(reason).toBe('hidden')
      else if (isFrozen) expect(reason).toBe('frozen')
      else if (reason) expect([reason, isOffline]).toEqual(['offline', true])
      if (isOffline) expect(state.status).not.toBe('waiting')
      const isLinked = state.status === 'connecting' || state.status === 'open'
      expect(transport.links.filter(({ closings }) => !closings)).toHaveLength(isLinked ? 1 : 0)
    }
    client.close()
    await setImmediate()
    expect(environment.held).toBe(0)
  })
})
