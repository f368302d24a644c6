/** Circumstances of the heartbeat: an open link on a machine that may sleep. */
import { givenRaw, type over, type RawBehavior } from '../circumstances.ts'
import { sleepingEnvironment } from '../sleeping-environment.ts'

type Options = Omit<NonNullable<Parameters<typeof over>[1]>, 'environment'>

/** Open, and after 30 s of silence probed by `{"type":"ping"}`, for whose answer there are 5 s. */
export function givenBeating(options: Options = {}, behavior: RawBehavior = {}) {
  const environment = sleepingEnvironment()
  const heartbeat = { probe: { event: 'ping' } }
  const all = { ...givenRaw(behavior, { heartbeat, ...options, environment }), environment }
  all.client.connect()
  all.link().observer.opened()
  return { ...all, hear: (data = '{"type":"pong"}') => all.link().observer.received({ data }) }
}

/** The same without a probe: silence alone decides, after 35 s. */
export function givenPassive(options: Options = {}) {
  return givenBeating({ heartbeat: {}, ...options })
}

/** A probe is out, and the answer has not come. */
export async function givenProbed(options: Options = {}, behavior: RawBehavior = {}) {
  const all = givenBeating(options, behavior)
  await all.environment.advance(30_000)
  return all
}
