/** Does to a world what an action says. What does not apply (no link, no handshake) does nothing. */
import { isRealtimeError, RealtimeError } from '../../src/index.ts'
import type { Action, PageNews, Report } from './actions.ts'
import { maxMessageSize } from './options.ts'
import { isLive, type ScriptedLink } from './scripted-transport.ts'
import type { Hope, World } from './world.ts'

export async function perform(world: World, action: Action): Promise<void> {
  const { client, environment, transport } = world
  const link = transport.live()
  switch (action.do) {
    case 'call':
      return world.call(action.call)
    case 'close badly':
      return closeBadly(world)
    case 'abort':
      return world.abort()
    case 'opened()':
      return hope(world)
    case 'lose patience':
      return world.hopes.find(({ outcome }) => outcome === 'pending')?.patience.abort()
    case 'react':
      return react(world, action)
    case 'script':
      for (let count = 0; count < action.links; count += 1) transport.scripts.push(action.script)
      return
    case 'greet':
      return greet(world, action)
    case 'page':
      return world.dials.byPage(() => tellPage(world, action.news))
    case 'wait':
      return environment.advance(action.ms)
    case 'wait for timer': {
      const due = Math.min(...[...world.timers].flat())
      return environment.advance(Number.isFinite(due) ? Math.max(0, due - world.awake()) : 0)
    }
    case 'sleep':
      return world.sleep(action.ms)
    case 'old link': {
      const old = transport.links.filter((one) => !isLive(one) && one.closings)
      return reportLate(old[old.length - 1 - action.back], action.report)
    }
    default:
      if (link) reportOf(world, link, action)
  }

  function reportOf(world: World, link: ScriptedLink, action: Extract<Action, { do: `link ${string}` }>): void {
    const { observer } = link
    if (action.do === 'link opens') {
      link.opened = true
      observer.opened(action.shared ? { shared: true } : undefined)
    } else if (action.do === 'link receives') {
      const large = 'x'.repeat(maxMessageSize + 1)
      const event = action.what === 'welcome' ? 'welcome' : 'news'
      const message = transport.message(link, event, action.id)
      observer.received({ data: action.what === 'malformed' ? '{' : action.what === 'large' ? large : message })
    } else if (action.do === 'link ends') {
      const details = action.retryAfter ? { retryAfter: action.retryAfter } : {}
      const error = new RealtimeError(action.code, 'of the model', details)
      world.dials.reported(error)
      transport.end(link, error)
    } else if (action.do === 'link is interrupted') {
      link.opened = false
      link.interrupted = true
      observer.interrupted(new RealtimeError('lost', 'of the model'), environment.now() + action.ms)
    } else if (action.do === 'link asks') observer.retryAfter(action.ms)
    else observer.alive()
  }

  function closeBadly({ wrong }: World): void {
    const { state } = client
    try {
      client.close(1001)
      wrong('WS3', 'close(1001) did not throw')
    } catch (error) {
      if (!isRealtimeError(error) || error.code !== 'invalid-config') wrong('WS3', `close(1001) threw ${error}`)
    }
    if (client.state !== state) wrong('WS3', 'close(1001) threw, and changed the state')
  }
}

function hope({ client, hopes }: World): void {
  const one: Hope = { patience: new AbortController(), outcome: 'pending' }
  hopes.push(one)
  client.opened({ signal: one.patience.signal }).then(
    () => {
      one.outcome = 'resolved'
    },
    (rejected) => {
      one.outcome = { rejected }
    },
  )
}

function react(world: World, { to, skip, by }: Extract<Action, { do: 'react' }>): void {
  const { client } = world
  let left = skip
  const listener = () => {
    left -= 1
    if (left !== -1) return
    world.isDisturbed = true
    if (by === 'throw') throw new Error('listener')
    if (by === 'listen')
      client.onState((state) => state === client.state || world.wrong('CN7', 'a listener hears a past state'))
    else if (by === 'unlisten') stop()
    else world.call(by)
  }
  const stop =
    to === 'state'
      ? client.onState(listener)
      : to === 'error'
        ? client.onError(listener)
        : to === 'news'
          ? client.on('news', listener)
          : client.onAny(listener)
}

function greet(world: World, { back, how }: Extract<Action, { do: 'greet' }>): void {
  const greeting = world.greetings[world.greetings.length - 1 - back]
  if (!greeting) return
  const { handshake, link, settle } = greeting
  if (how === 'resolve') settle()
  else if (how === 'reject') settle(new Error('handshake'))
  else if (how !== 'send') settle(new RealtimeError(how, 'of a handshake'))
  else {
    try {
      handshake.send('hello', link.index)
      if (link.closings && link.script.send === 'takes') world.wrong('HS4', 'a handshake that is over could send')
    } catch (error) {
      if (!isRealtimeError(error)) world.wrong('HS4', `its send threw ${error}`)
    }
  }
}

/** A link that is over reports something all the same. */
function reportLate(link: ScriptedLink | undefined, report: Report): void {
  if (!link) return
  const { observer } = link
  if (report === 'opened') observer.opened()
  else if (report === 'received')
    observer.received({ data: `{"type":"news","data":{"link":${link.index},"seq":-1},"id":"late"}` })
  else if (report === 'ended') observer.ended(new RealtimeError('refused', 'late'))
  else if (report === 'interrupted') observer.interrupted(new RealtimeError('lost', 'late'), 0)
  else if (report === 'retryAfter') observer.retryAfter(25_000)
  else observer.alive()
}

export function tellPage(world: World, news: PageNews): void {
  const { environment, page } = world
  if (news === 'online' || news === 'offline') {
    page.isOffline = news === 'offline'
    // A client that is idle or closed does not listen.
    if (world.environment.held) page.isBelievedOffline = page.isOffline
    environment.setOnline(news === 'online')
  } else if (news === 'hide' || news === 'show') {
    page.isHidden = news === 'hide'
    world.hasHidden = true
    environment.setVisible(news === 'show')
  } else if (news === 'freeze' || news === 'pagehide') {
    page.frozenBy = news
    if (news === 'freeze') environment.freeze()
    else environment.pageHide(true)
  } else {
    page.frozenBy = undefined
    // A page that comes out of the cache may be online by now without having been told.
    if (news === 'pageshow') page.isBelievedOffline = false
    if (news === 'resume') environment.resume()
    else environment.pageShow(true)
  }
}
