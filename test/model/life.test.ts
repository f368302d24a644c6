import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { type Action, disorderly, orderly } from './actions.ts'
import { cure } from './cure.ts'
import { expectation } from './expectation.ts'
import { checkInvariants } from './invariants.ts'
import { type Drawn, drawnOptions } from './options.ts'
import { perform } from './perform.ts'
import { holds, timeout } from './runs.ts'
import { createWorld, type World } from './world.ts'

type Tasks = readonly (readonly Action[])[]

const unhandled: unknown[] = []
const note = (reason: unknown) => void unhandled.push(reason)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))

function judge({ wrongs }: World, when: string): void {
  if (wrongs.length) throw new Error(`${when}: ${wrongs.join('; ')}`)
}

async function live(drawn: Drawn, tasks: Tasks): Promise<World> {
  const world = createWorld(drawn)
  for (const [index, task] of tasks.entries()) {
    const expected = expectation(world, task)
    for (const action of task) await perform(world, action)
    await setImmediate()
    checkInvariants(world)
    expected.check()
    judge(world, `after task ${index}, ${task.map((action) => action.do)}`)
  }
  return world
}

/** The end of every life. */
async function close(world: World): Promise<void> {
  world.call('close')
  await setImmediate()
  checkInvariants(world)
  judge(world, 'after close()')
  if (unhandled.length) throw new Error(`unhandled: ${unhandled.splice(0)}`)
}

test('[CN3][CN4][CN5][CN7][BO3][SQ2] whatever comes in order, the state is what it should be', {
  timeout,
}, async () => {
  await holds('whatever comes in order', fc.tuple(drawnOptions, orderly), async ([drawn, tasks]) => {
    await close(await live(drawn, tasks))
  })
})

test('[CN2][CN4][CN6][CN7][CN11] whatever comes out of turn, what must always hold holds', { timeout }, async () => {
  await holds('whatever comes out of turn', fc.tuple(drawnOptions, disorderly), async ([drawn, tasks]) => {
    await close(await live(drawn, tasks))
  })
})

test('[CN7][SQ2] whatever has happened, what gets well is open', { timeout }, async () => {
  await holds('what gets well is open', fc.tuple(drawnOptions, disorderly), async ([drawn, tasks]) => {
    const world = await live(drawn, tasks)
    await cure(world)
    checkInvariants(world)
    judge(world, 'after the cure')
    await close(world)
  })
})
