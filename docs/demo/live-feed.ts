/**
 * The live feed as a function of time: tick number in, event out. Nothing is stored, so any process, a restarted one
 * too, can replay exactly what a client missed. The news is that of a small harbour town, and made up.
 */

import { type Pick, pickFrom } from './pick.ts'

export type FeedEvent =
  | { readonly kind: 'notification'; readonly data: { readonly title: string; readonly text: string } }
  | { readonly kind: 'message'; readonly data: { readonly text: string } }
  | { readonly kind: 'ping'; readonly data: { readonly at: number } }

const boats = [
  'Marianne',
  'Grey Heron',
  'Second Wind',
  'Old Tom',
  'Halcyon',
  'Nora B',
  'Kittiwake',
  'Perseverance',
] as const
const people = ['Ana', 'Bartek', 'Chidi', 'Doris', 'Eino', 'Fatima', 'Gwen', 'Hugo', 'Ines', 'Jonas'] as const
const places = [
  'the north pier',
  'the fish market',
  'the lighthouse',
  'the old cannery',
  'the ferry slip',
  'Rope Walk',
] as const
const goods = [
  'rye bread',
  'smoked mackerel',
  'seed potatoes',
  'rope and paint',
  'apples',
  'second-hand books',
] as const
const hours = ['half past six', 'seven', 'a quarter to nine', 'ten', 'noon', 'two', 'half past four', 'six'] as const
const winds = [
  'light and southerly',
  'fresh from the west',
  'turning north',
  'dropping',
  'gusty near the point',
] as const
const counts = ['two', 'three', 'four', 'five', 'six', 'nine', 'a dozen'] as const

const notifications = [
  (pick: Pick) => ({
    title: `The ${pick(boats)} has landed`,
    text: `She tied up at ${pick(places)} with ${pick(counts)} crates.`,
  }),
  (pick: Pick) => ({
    title: 'Ferry delayed',
    text: `The next crossing leaves at ${pick(hours)}. Coffee is on the house.`,
  }),
  (pick: Pick) => ({
    title: `Fresh at the market: ${pick(goods)}`,
    text: `${pick(people)} has the first stall on the left.`,
  }),
  (pick: Pick) => ({
    title: `Wind ${pick(winds)}`,
    text: `The harbour office asks small boats to be in by ${pick(hours)}.`,
  }),
  (pick: Pick) => ({ title: 'Bridge opening', text: `The bridge lifts for the ${pick(boats)} at ${pick(hours)}.` }),
  (pick: Pick) => ({
    title: `${pick(people)} found a set of keys`,
    text: `They wait for their owner at ${pick(places)}.`,
  }),
] as const

const messages = [
  (pick: Pick) => `${pick(people)}: has anybody seen the ${pick(boats)} this morning?`,
  (pick: Pick) => `${pick(people)}: I can bring ${pick(goods)} to ${pick(places)} by ${pick(hours)}.`,
  (pick: Pick) => `${pick(people)}: there are ${pick(counts)} seals off ${pick(places)}, do come and look.`,
  (pick: Pick) => `${pick(people)} is looking for ${pick(counts)} pairs of hands at ${pick(places)}.`,
  (pick: Pick) => `${pick(people)}: thank you to whoever mended the bench at ${pick(places)}.`,
  (pick: Pick) => `${pick(people)} and ${pick(people)} are rowing out at ${pick(hours)}, and have a seat to spare.`,
] as const

const kinds = [
  'notification',
  'notification',
  'notification',
  'message',
  'message',
  'message',
  'message',
  'ping',
] as const

/** The number of the newest tick at this moment. */
export function tickAt(now: number, interval: number): number {
  return Math.floor(now / interval)
}

/** The notification of this number. Unlike in the feed, every number has one. */
export function harbourNews(number: number): { readonly title: string; readonly text: string } {
  const pick = pickFrom(number)
  return pick(notifications)(pick)
}

/** The same event for the same tick and interval, in every process. */
export function feedEvent(tick: number, interval: number): FeedEvent {
  const pick = pickFrom(tick)
  const kind = pick(kinds)

  switch (kind) {
    case 'notification':
      return { kind, data: pick(notifications)(pick) }
    case 'message':
      return { kind, data: { text: pick(messages)(pick) } }
    case 'ping':
      return { kind, data: { at: tick * interval } }
  }
}
