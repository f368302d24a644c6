/**
 * What one action leads to, said by a small model that knows the rules and nothing of the implementation: which statuses
 * may follow, or that nothing may change. It says nothing of what is out of turn, nor of several actions in one task.
 */
import type { ConnectionState } from '../../src/index.ts'
import type { Action } from './actions.ts'
import { afterFailure } from './after-failure.ts'
import { afterNews } from './after-news.ts'
import type { ScriptedLink } from './scripted-transport.ts'
import type { World } from './world.ts'

type Status = ConnectionState['status']

/** `same` is the very same state object, `changed` another one; `undefined` leaves it open. */
export type Expected = 'same' | 'changed' | readonly Status[] | undefined

export function expectation(world: World, task: readonly Action[]): { check(): void } {
  const { client, witness } = world
  const [action] = task
  world.isDisturbed = false
  const before = client.state
  const { messages, errors } = witness
  const known = errors.length
  const isHeard = action?.do === 'link receives' && action.what === 'news' && world.transport.live() !== undefined
  const isLink = world.transport.live() !== undefined
  const expected = action && task.length === 1 ? after(world, action) : undefined

  return {
    check() {
      if (world.isDisturbed || !action || task.length > 1) return
      const { state } = client
      const is = `${before.status} is ${state === before ? 'still ' : ''}${JSON.stringify(state)}`
      if (expected === 'same' && state !== before) world.wrong('CN1', `${is}, and nothing should have changed`)
      else if (expected === 'changed' && state === before) world.wrong('CN1', `${is}, and should have changed`)
      else if (Array.isArray(expected)) {
        if (!expected.includes(state.status)) world.wrong('CN1', `${is}, and should be ${expected.join(' or ')}`)
        if (state === before && expected.length === 1 && expected[0] !== before.status) world.wrong('CN1', `${is}`)
      }
      if (isHeard && witness.messages !== messages + 1) world.wrong('RT5', 'a message of the live link was not heard')
      const fails = action.do === 'link ends' || action.do === 'link is interrupted'
      if (fails && isLink && errors.length === known) world.wrong('CN8', 'an end was not told')
    },
  }
}

function after(world: World, action: Action): Expected {
  const { client, drawn, transport, owner } = world
  const { status } = client.state
  const link = transport.live()
  const isRunning = status === 'connecting' || status === 'open'

  switch (action.do) {
    case 'call':
      if (action.call === 'close') return status === 'closed' ? 'same' : ['closed']
      if (action.call === 'send') return status === 'open' && drawn.heartbeat !== 'none' ? undefined : 'same'
      if (owner.signal.aborted || (action.call === 'connect' && isRunning)) return 'same'
      return status === 'connecting' ? 'changed' : ['connecting']
    case 'abort':
      return status === 'closed' ? 'same' : ['closed']
    case 'page':
      return afterNews(world, action.news)
    case 'wait':
      return afterWait(world, action.ms)
    case 'wait for timer':
      return afterWait(world, Math.max(0, Math.min(...[...world.timers].flat()) - world.awake()) % Infinity || 0)
    case 'greet':
      return afterGreeting(world, action)
    default:
      return action.do.startsWith('link ') && link ? afterReport(world, link, action) : 'same'
  }
}

function afterReport(world: World, link: ScriptedLink, action: Action): Expected {
  const { drawn } = world
  const { status } = world.client.state
  const isGreeted = drawn.handshake === 'manual' || drawn.handshake === 'welcome'
  if (action.do === 'link opens') {
    if (link.opened || (isGreeted && !action.shared)) return 'same'
    return ['open']
  }
  if (action.do === 'link receives') {
    if (action.what === 'large') return ['closed']
    const isAwaited = drawn.handshake === 'welcome' && status !== 'open' && link.opened
    return action.what === 'welcome' && isAwaited ? ['open'] : 'same'
  }
  if (action.do === 'link ends') return afterFailure(world, link, action.code)
  if (action.do !== 'link is interrupted') return 'same'
  return drawn.reconnect.kind === 'off' ? ['closed'] : ['waiting', 'suspended', 'closed']
}

function afterGreeting(world: World, { back, how }: Extract<Action, { do: 'greet' }>): Expected {
  const greeting = world.greetings[world.greetings.length - 1 - back]
  const { status } = world.client.state
  const isUnderWay =
    back === 0 && greeting?.link === world.transport.live() && greeting?.link.opened && status !== 'open'
  if (!isUnderWay || !greeting || how === 'send') return 'same'
  if (how === 'resolve') return ['open']
  return afterFailure(world, greeting.link, how === 'reject' ? 'unreachable' : how)
}

function afterWait({ client, drawn, environment, page, transport, hasSlept }: World, ms: number): Expected {
  const { state } = client
  const link = transport.live()
  if (state.status === 'idle' || state.status === 'closed') return 'same'
  // The time to hide may be over meanwhile.
  if (drawn.hidden !== 'keep' && page.isHidden) return state.status === 'suspended' ? ['suspended'] : undefined
  if (state.status === 'suspended') return 'same'
  if (state.status === 'open') return drawn.heartbeat === 'none' ? 'same' : undefined
  if (hasSlept) return undefined

  const { openTimeout } = drawn
  const isRestored = state.status === 'waiting' && link
  const dueAt = state.status === 'waiting' ? state.retryAt + (isRestored ? openTimeout : 0) : link?.request.deadline
  return dueAt !== undefined && dueAt > environment.now() + ms ? 'same' : 'changed'
}
