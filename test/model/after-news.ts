/** Which statuses may follow when the page tells something. */
import type { ConnectionState } from '../../src/index.ts'
import type { PageNews } from './actions.ts'
import { afterFailure } from './after-failure.ts'
import type { Expected } from './expectation.ts'
import type { ScriptedLink } from './scripted-transport.ts'
import type { World } from './world.ts'

export function afterNews(world: World, news: PageNews): Expected {
  const { client, drawn, environment, transport, hasSlept } = world
  const { state } = client
  const { status } = state
  if (status === 'idle' || status === 'closed') return 'same'
  // After a sleep the link may have been silent for too long: then it is probed or replaced.
  if (status === 'open' && drawn.heartbeat !== 'none' && hasSlept) return undefined

  const link = transport.live()
  if (status === 'connecting' && link && environment.now() > link.request.deadline)
    return afterLateNews(world, link, news)

  const reason = status === 'suspended' ? state.reason : undefined
  /** Between two links, neither of which the platform restores. */
  const isPausing = status === 'waiting' && !transport.live()
  const isHidden = environment.isHidden()

  switch (news) {
    case 'freeze':
    case 'pagehide':
      // A client that rests because its page is hidden rests until the page is shown.
      return reason === 'frozen' || reason === 'hidden' ? 'same' : ['suspended']
    case 'offline':
      if (!isPausing) return 'same'
      return drawn.isLocal ? ['waiting', 'suspended'] : ['suspended']
    case 'hide':
      return 'same'
    case 'online':
      return reason === 'offline' || isPausing ? afterCure(world, news) : 'same'
    case 'show':
      return isHidden && (reason === 'hidden' || isPausing) ? afterCure(world, news) : 'same'
    default:
      if (isHidden && reason === 'hidden') return 'same'
      return reason || isPausing ? afterCure(world, news) : 'same'
  }
}

/** The time of a try is over, and its timer is late. News that end a wait end the try, too; any other news leave it to its timer. */
function afterLateNews(world: World, link: ScriptedLink, news: PageNews): Expected {
  if (news === 'freeze' || news === 'pagehide') return ['suspended']
  const isShown = news === 'show' && world.environment.isHidden()
  if (!isShown && !['online', 'resume', 'pageshow'].includes(news)) return 'same'
  const [failed, ...others] = afterFailure(world, link, 'timeout') as readonly ConnectionState['status'][]
  // More than one may follow, since the model does not count every try.
  if (others.length > 0) return undefined
  return failed === 'closed' ? ['closed'] : ['connecting']
}

/** The client dials, unless the server has asked for time: then it waits for what is left of that, or is suspended while the page is offline. */
function afterCure({ client: { state }, drawn, page }: World, news: PageNews): Expected {
  const { error } = state as { readonly error?: { readonly retryAfter?: number } }
  if (!error?.retryAfter) return ['connecting']
  const isOffline = page.isBelievedOffline && !drawn.isLocal && news !== 'online' && news !== 'pageshow'
  return ['connecting', isOffline ? 'suspended' : 'waiting']
}
