/** One client with everything around it: fakes that the actions move, and witnesses who write down what it tells. */
import {
  createClient,
  type DuplexClient,
  type Frame,
  type Handshake,
  type RealtimeError,
  type ReconnectPolicy,
} from '../../src/index.ts'
import { seeded } from '../circumstances.ts'
import { type SleepingEnvironment, sleepingEnvironment } from '../sleeping-environment.ts'
import type { Call } from './actions.ts'
import { type Dials, judgeDials } from './dials.ts'
import { clientOptions, type Drawn, type PolicyAnswer } from './options.ts'
import { type ScriptedLink, type ScriptedTransport, scriptedTransport } from './scripted-transport.ts'
import { followSentMessages, type SentMessages } from './sent-messages.ts'
import { type Witness, witness } from './witness.ts'

/** A handshake under way, or over. */
export interface Greeting {
  readonly handshake: Handshake
  readonly link: ScriptedLink
  settle(reason?: unknown): void
}

/** A promise of `opened()`. */
export interface Hope {
  readonly patience: AbortController
  outcome: 'pending' | 'resolved' | { readonly rejected: unknown }
}

export interface World {
  readonly drawn: Drawn
  readonly client: DuplexClient
  readonly environment: SleepingEnvironment
  readonly transport: ScriptedTransport
  readonly owner: AbortController
  readonly dials: Dials
  readonly sent: SentMessages
  readonly witness: Witness
  readonly greetings: readonly Greeting[]
  readonly hopes: Hope[]
  readonly wrongs: string[]
  /** Times of the timers that are set, by the clock that sleep does not move. */
  readonly timers: ReadonlySet<number[]>
  /** Something happened that the model does not follow. */
  isDisturbed: boolean
  hasSlept: boolean
  hasHidden: boolean
  readonly page: {
    isOffline: boolean
    /** The client has been told that it is offline, after the last call of the user's that dials. */
    isBelievedOffline: boolean
    isHidden: boolean
    frozenBy: 'freeze' | 'pagehide' | undefined
  }
  /** Set by `cure`: from then on, handshakes resolve and policies answer with a delay. */
  isCured: boolean
  awake(): number
  /** What a drawn policy answers next. */
  nextAnswer(): PolicyAnswer | undefined
  sleep(ms: number): void
  call(call: Call): void
  abort(): void
  wrong(rule: string, text: string): void
}

export function createWorld(drawn: Drawn): World {
  const sleeping = sleepingEnvironment({ random: seeded(drawn.random + 1) })
  const timers = new Set<number[]>()
  let slept = 0
  const environment: SleepingEnvironment = {
    ...sleeping,
    setTimer(callback, ms) {
      const timer = [world.awake() + Math.max(0, ms)]
      timers.add(timer)
      const cancel = sleeping.setTimer(() => timers.delete(timer) && callback(), ms)
      return () => {
        timers.delete(timer)
        cancel()
      }
    },
    get held() {
      return sleeping.held
    },
  }

  const wrongs: string[] = []
  const wrong = (rule: string, text: string) => void wrongs.push(`[${rule}] ${text}`)
  const owner = new AbortController()
  const dials = judgeDials(
    drawn,
    { ...environment, isHidden: () => environment.isHidden(), awake: () => world.awake() },
    wrong,
  )
  const sent = followSentMessages(drawn, wrong)
  const greetings: Greeting[] = []

  const transport = scriptedTransport({
    ...drawn,
    wrong,
    dialed: (link) => dials.dialed(link, (client.state as { readonly error?: RealtimeError }).error),
    released: dials.released,
    disturb() {
      world.isDisturbed = true
    },
    call: (call) => world.call(call),
    took(link, frame: Frame) {
      const { type, data } = JSON.parse(String(frame))
      if (link.closings) wrong('CN4', `a closed link was given ${frame}`)
      if (type === 'note') sent.took(data)
      if (type === 'note' && client.state.status !== 'open')
        wrong('HS1', `${frame} went out while ${client.state.status}`)
      if (type === 'hello' && data !== link.index) wrong('HS4', `the handshake of link ${data} spoke to ${link.index}`)
    },
  })

  const answers: readonly PolicyAnswer[] = drawn.reconnect.kind === 'policy' ? drawn.reconnect.answers : []
  let asked = 0
  const decide: ReconnectPolicy = () => {
    const answer = answers[asked++ % answers.length] ?? null
    if (world.isCured) return 10
    if (answer === null || typeof answer === 'number') return answer
    world.isDisturbed = true
    if (answer === 'throws') throw new Error('policy')
    world.call(answer)
    return 100
  }

  function greet(handshake: Handshake): void | Promise<void> {
    const link = transport.links.filter(({ held, closings }) => held && !closings).at(-1)
    if (!link) return wrong('HS4', 'a handshake runs without a link')
    if (drawn.duplex) handshake.send('hello', link.index)
    const kind = world.isCured ? 'async' : drawn.handshake
    if (kind === 'sync') return
    if (kind === 'async') return Promise.resolve()
    if (kind === 'welcome') return handshake.next('welcome').then(() => {})
    return new Promise<void>((resolve, reject) => {
      greetings.push({ handshake, link, settle: (reason) => (reason ? reject(reason) : resolve()) })
    })
  }

  const client = createClient(transport, { ...clientOptions(drawn, decide, greet), environment, signal: owner.signal })

  const world: World = {
    ...{ drawn, client, environment, transport, owner, dials, sent, greetings, wrongs, timers, wrong },
    witness: witness(client, transport, dials, sent, wrong),
    hopes: [],
    isDisturbed: false,
    hasSlept: false,
    hasHidden: false,
    nextAnswer: () => answers[asked % answers.length],
    page: { isOffline: false, isBelievedOffline: false, isHidden: false, frozenBy: undefined },
    isCured: false,
    awake: () => environment.now() - slept,
    sleep(ms) {
      slept += ms
      world.hasSlept = true
      if (ms < 0) dials.clockSetBack()
      environment.sleep(ms)
    },
    call(call) {
      if (client.state.status === 'closed') sent.closed()
      if (call === 'send') return sent.send(client)
      const { status } = client.state
      const asksForOne = call === 'reconnect' || (call === 'connect' && status !== 'connecting' && status !== 'open')
      if (asksForOne && !owner.signal.aborted) world.page.isBelievedOffline = false
      if (call !== 'close' && !owner.signal.aborted) dials.shut(false)
      if (call === 'close') dials.shut(true)
      try {
        dials.byUser(client[call])
      } catch (error) {
        wrong('CN7', `${call}() threw ${error}`)
      }
    },
    abort() {
      dials.shut(true)
      owner.abort()
    },
  }
  return world
}
