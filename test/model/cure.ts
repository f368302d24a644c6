/** Ends all trouble: from then on a client that wants a link has to get one, and to keep it. */
import { RealtimeError } from '../../src/index.ts'
import { tellPage } from './perform.ts'
import { plain } from './scripted-transport.ts'
import type { World } from './world.ts'

/** More timers than any way to an open link takes. */
const enough = 60
/** Longer than any deadline that may have been left from before. */
const stay = 20_000

export async function cure(world: World): Promise<void> {
  const { client, environment, page, transport } = world
  world.isCured = true
  transport.scripts.splice(0)
  // Where the client holds messages, its live link may be one that takes nothing, and has to end.
  const live = transport.live()
  if (live && world.sent.held.length) transport.end(live, new RealtimeError('lost', 'at last'))
  for (const link of transport.links) link.script = plain

  // In the order in which a page goes through it.
  world.dials.byPage(() => {
    if (page.isOffline) tellPage(world, 'online')
    if (page.frozenBy) tellPage(world, page.frozenBy === 'freeze' ? 'resume' : 'pageshow')
    if (page.isHidden) tellPage(world, 'show')
  })

  for (let count = 0; count < enough && !isSettled(world); count += 1) await pass(world)
  const { state } = client
  if (!isSettled(world)) return world.wrong('CN7', `it is ${state.status} for ever, where all is well`)
  if (state.status !== 'open') return

  const { length } = transport.links
  const end = world.awake() + stay
  while (world.awake() < end) await pass(world)
  if (client.state !== state) world.wrong('CN7', `a link that is well did not stay open, but ${client.state.status}`)
  if (transport.links.length !== length) world.wrong('CN5', 'a link was dialed while one was open')
  if (world.sent.held.length) world.wrong('SQ2', `${world.sent.held} are held while it is open`)
  await environment.advance(0)
}

function isSettled({ client: { state } }: World): boolean {
  return state.status === 'open' || state.status === 'closed' || state.status === 'idle'
}

/** Lets time pass up to the next timer. Links open at once, and give signs of life. */
async function pass(world: World): Promise<void> {
  const { drawn, environment, transport, timers } = world
  const link = transport.live()
  if (link && !link.opened) {
    link.opened = true
    link.observer.opened()
  }
  link?.observer.alive()
  await environment.advance(0)
  link?.observer.alive()
  // Never so long that the link would seem silent.
  const isLiving = isSettled(world)
  const due = Math.min(world.awake() + (isLiving ? 0.9 * drawn.idle : 60_000), ...[...timers].flat())
  await environment.advance(Math.max(0, due - world.awake()))
  transport.live()?.observer.alive()
}
