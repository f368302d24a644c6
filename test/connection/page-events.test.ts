/** Every event of a page in every circumstance, against a table that was written from the rules and not from the code. */
import { expect, test } from 'vitest'
import type { ConnectionState, RealtimeError } from '../../src/index.ts'
import type { FakeEnvironment } from '../../src/testing/index.ts'
import { fakeEnvironment } from '../../src/testing/index.ts'
import { given, givenConnecting, givenFailed, givenOpen, givenSuspended, givenWaiting } from '../circumstances.ts'
import { slowHandshake } from './greeting.ts'
import { givenHidden, givenOffline, givenRestoring, givenRetryAfter } from './resting.ts'

interface Lived {
  readonly client: { readonly state: ConnectionState }
  readonly transport: { readonly links: readonly object[] }
  readonly told: { readonly states: readonly ConnectionState[]; readonly errors: readonly RealtimeError[] }
}
type Options = { readonly environment: FakeEnvironment }

function givenClosed(options: Options) {
  const all = givenOpen(options)
  all.client.close()
  return all
}

function givenHandshaking(options: Options) {
  return givenOpen({ ...options, ...slowHandshake() })
}

/** In the order of the table's columns. */
const circumstances: Readonly<Record<string, (options: Options) => Lived | Promise<Lived>>> = {
  'never connected': given,
  connecting: givenConnecting,
  'in its handshake': givenHandshaking,
  open: givenOpen,
  waiting: givenWaiting,
  'waiting as the server asked': givenRetryAfter,
  'restored by the browser': givenRestoring,
  'suspended offline': givenOffline,
  'suspended hidden': givenHidden,
  'suspended frozen': givenSuspended,
  closed: givenClosed,
  'closed by a failure': givenFailed,
}

const pageEvents: Readonly<Record<string, (environment: FakeEnvironment) => void>> = {
  online: (environment) => environment.setOnline(true),
  offline: (environment) => environment.setOnline(false),
  shown: (environment) => environment.setVisible(true),
  hidden: (environment) => environment.setVisible(false),
  freeze: (environment) => environment.freeze(),
  resume: (environment) => environment.resume(),
  pagehide: (environment) => environment.pageHide(true),
  pageshow: (environment) => environment.pageShow(true),
}

/** It stays as it is. */
const same = 'same'
/** One dial, at once. */
const dial = 'connecting'
const froze = 'suspended frozen'
const off = 'suspended offline'
/** Cannot happen: what is hidden does not hide, and only what was frozen resumes or comes out of the cache. */
const none = undefined

// biome-ignore format: a table is read by its columns
const table: Readonly<Record<string, readonly (string | undefined)[]>> = {
  //         never connecting handshake open   waiting asked  restored offline hidden frozen closed failed
  online:   [same, same,      same,     same,  dial,   same,  same,    dial,   same,  same,  same,  same],
  offline:  [same, same,      same,     same,  off,    off,   same,    same,   same,  same,  same,  same],
  shown:    [same, same,      same,     same,  dial,   same,  same,    same,   dial,  same,  same,  same],
  hidden:   [same, same,      same,     same,  same,   same,  same,    same,   none,  same,  same,  same],
  freeze:   [same, froze,     froze,    froze, froze,  froze, froze,   froze,  same,   same,  same,  same],
  resume:   [same, same,      same,     same,  dial,   same,  same,    none,   none,  dial,  same,  same],
  pagehide: [same, froze,     froze,    froze, froze,  froze, froze,   froze,  same,   same,  same,  same],
  pageshow: [same, same,      same,     same,  dial,   same,  same,    none,   none,  dial,  same,  same],
}

/** By the rule that decides the row. */
const rules: Readonly<Record<string, string>> = {
  online: '[BO5][CN11]',
  offline: '[LC1][LC6][CN11]',
  shown: '[BO5][LC4][CN11]',
  hidden: '[LC4][CN11]',
  freeze: '[LC3][CN11]',
  resume: '[LC3][CN11]',
  pagehide: '[LC2][CN11]',
  pageshow: '[LC2][BO5][CN11]',
}

const cells = Object.entries(table).flatMap(([event, row]) =>
  Object.entries(circumstances).flatMap(([name, circumstance], column) => {
    const next = row[column]
    return next ? [{ event, name, circumstance, next }] : []
  }),
)

function briefly(state: ConnectionState): string {
  return state.status === 'suspended' ? `suspended ${state.reason}` : state.status
}

test('[CN1] every event of a page is expected in every circumstance', () => {
  expect(cells).toHaveLength(8 * 12 - 5)
  expect(Object.keys(rules)).toEqual(Object.keys(table))
})

test.each(
  cells.map((cell) => ({ ...cell, title: `${rules[cell.event]} ${cell.event} while ${cell.name}: ${cell.next}` })),
)('$title', async ({ event, circumstance, next }) => {
  const environment = fakeEnvironment()
  // What is to be shown was hidden all along.
  if (event === 'shown') environment.setVisible(false)
  const { client, transport, told } = await circumstance({ environment })
  const before = { state: client.state, states: told.states.length, errors: told.errors.length }
  const dials = transport.links.length
  pageEvents[event]?.(environment)

  expect(briefly(client.state)).toBe(next === same ? briefly(before.state) : next)
  expect(client.state === before.state).toBe(next === same)
  expect(told.states.slice(before.states)).toEqual(next === same ? [] : [client.state])
  expect(told.errors).toHaveLength(before.errors)
  expect(transport.links).toHaveLength(dials + (next === dial ? 1 : 0))
})
