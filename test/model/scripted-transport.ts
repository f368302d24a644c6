/** A transport whose links do what a script or the actions tell, and which checks that no two of them live at once. */
import {
  type DuplexTransport,
  type Frame,
  type Link,
  type LinkObserver,
  type LinkRequest,
  RealtimeError,
} from '../../src/index.ts'
import type { Call, Script } from './actions.ts'

export interface ScriptedLink {
  readonly index: number
  readonly request: LinkRequest
  readonly observer: LinkObserver
  script: Script
  /** Whether `open` has returned it: not where it threw. */
  held: boolean
  closings: number
  /** It has reported its end. */
  ended: boolean
  opened: boolean
  /** A call of the user's has asked for it. */
  byUser: boolean
  /** How often it still refuses a frame. */
  refusals: number
  /** The platform has restored it, or tries to. */
  interrupted: boolean
  /** Messages that it has brought so far. */
  messages: number
  /** When the client was first seen open over it. */
  openSince: number | undefined
}

/** What the transport asks of, and tells, the world that it is in. */
export interface Surroundings {
  readonly isLocal: boolean
  readonly duplex: boolean
  wrong(rule: string, text: string): void
  /** What follows breaks the contract of transports, and the model does not say what comes of it. */
  disturb(): void
  call(call: Call): void
  dialed(link: ScriptedLink): void
  /** The client has let go of it, or never got it. */
  released(link: ScriptedLink): void
  took(link: ScriptedLink, frame: Frame): void
}

export interface ScriptedTransport extends DuplexTransport {
  readonly links: readonly ScriptedLink[]
  /** For the next links, one each. */
  readonly scripts: Script[]
  live(): ScriptedLink | undefined
  message(link: ScriptedLink, event?: string, withId?: boolean): string
  end(link: ScriptedLink, error: RealtimeError): void
}

export const plain: Script = { open: 'hangs', send: 'takes', close: 'quiet', abort: 'nothing' }

export function isLive({ closings, ended, held }: ScriptedLink): boolean {
  return held && !closings && !ended
}

export function scriptedTransport(world: Surroundings): ScriptedTransport {
  const links: ScriptedLink[] = []
  const scripts: Script[] = []

  const transport: ScriptedTransport = {
    name: 'scripted',
    ...({ duplex: world.duplex } as { duplex: true }),
    links,
    scripts,
    live: () => links.filter(isLive).at(-1),
    message(link, event = 'news', withId = false) {
      const seq = link.messages++
      const id = withId ? { id: `${link.index}.${seq}` } : {}
      return JSON.stringify({ type: event, data: { link: link.index, seq }, ...id })
    },
    end(link, error) {
      link.ended = true
      link.observer.ended(error)
    },
    open(request, observer) {
      const rival = links.find(isLive)
      if (rival) world.wrong('CN5', `link ${links.length} was asked for while link ${rival.index} lives`)
      const script = scripts.shift() ?? plain
      const facts = {
        held: false,
        closings: 0,
        ended: false,
        opened: false,
        interrupted: false,
        byUser: false,
        refusals: 2,
        messages: 0,
      }
      const link: ScriptedLink = { index: links.length, request, observer, script, openSince: undefined, ...facts }
      links.push(link)
      world.dialed(link)
      begin(link)
      link.held = true
      return linkOf(link)
    },
  }

  function begin(link: ScriptedLink): void {
    const { script, observer, request } = link
    const { open, abort } = script
    if (abort !== 'nothing') request.signal.addEventListener('abort', () => disturbed(() => world.call(abort)))
    if (open === 'hangs') return

    const opens = (info?: { shared: boolean }) => {
      if (link.closings) return
      link.opened = true
      observer.opened(info)
    }
    // Contrary to the contract, most of them report before `open` has returned.
    disturbed(() => {
      if (open === 'opens') opens()
      else if (open === 'opens soon') queueMicrotask(() => disturbed(opens))
      else if (open === 'opens shared') opens({ shared: true })
      else if (open === 'opens and receives') {
        opens()
        observer.received({ data: transport.message(link) })
      } else if (open === 'opens and ends') {
        opens()
        transport.end(link, new RealtimeError('lost', 'in open'))
      } else if (open === 'ends') transport.end(link, new RealtimeError('unreachable', 'in open'))
      else if (open === 'is unauthorized') transport.end(link, new RealtimeError('unauthorized', 'in open'))
      else if (open === 'throws' || open === 'throws refused') {
        world.released(link)
        throw open === 'throws' ? new Error('open') : new RealtimeError('refused', 'open')
      } else world.call(open)
    })
  }

  function linkOf(link: ScriptedLink): Link {
    const { observer } = link
    const send = (frame: Frame): void => {
      const { send: manner } = link.script
      if (manner === 'takes') return world.took(link, frame)
      disturbed(() => {
        if (manner === 'throws') throw new Error('send')
        if (manner === 'throws unauthorized') throw new RealtimeError('unauthorized', 'in send')
        if (manner === 'refuses' && link.refusals-- > 0) throw new RealtimeError('not-open')
        world.took(link, frame)
        if (manner === 'answers') observer.received({ data: transport.message(link) })
        else if (manner === 'ends') transport.end(link, new RealtimeError('lost', 'in send'))
      })
    }
    return {
      ...(world.duplex && { send }),
      ...(world.isLocal && { isLocal: true }),
      close() {
        link.closings += 1
        if (link.closings > 1) world.wrong('CN2', `link ${link.index} was closed ${link.closings} times`)
        world.released(link)
        const { close } = link.script
        if (close === 'quiet') return
        disturbed(() => {
          if (close === 'throws') throw new Error('close')
          if (close === 'ends') observer.ended(new RealtimeError('refused', 'in close'))
          else world.call(close)
        })
      },
    }
  }

  function disturbed(act: () => void): void {
    world.disturb()
    act()
  }

  return transport
}
