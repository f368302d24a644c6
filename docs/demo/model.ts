/**
 * The demo's language model, which is none: an answer depends only on the question, and how much of it has been written only on
 * the time. So nothing is stored, and any process, a restarted one too, can go on where a client was cut off.
 */
import { pickFrom } from './pick.ts'

const openings = [
  'That is a question for the harbour master — but I will try.',
  'Good question! Here is what the logbook says.',
  'In short: it depends on the tide 🌊. At length:',
] as const
const middles = [
  'The “Marianne” came in at dawn with nine crates of mackerel, and nobody at the café on the quay could talk of anything else.',
  'Señora Núñez has painted her boat yellow again, naïve as that may be with so many gulls 🐦 about.',
  'By noon the wind turned north, the ferry to Ærø was late, and the bridge stayed up for three quarters of an hour.',
  'Two boys found a bottle with a letter in Japanese — 「また明日」 — and pinned it to the board at the ferry slip.',
  'The lighthouse keeper, 84 years old, still climbs all 119 steps twice a day, and says he has never counted them.',
  'On Rope Walk they are selling rye bread, second-hand books and, for whatever reason, a single ski ⛷️.',
] as const
const closings = [
  'Ask me again tomorrow: the tide writes a new answer every day.',
  'That is all I know, and more than I should have told 🤐.',
  'For the rest you would have to row out yourself ⚓.',
] as const

/** All tokens of the answer to this question, which together are its text: words, each with the space before it. */
export function answerTo(question: string): readonly string[] {
  const pick = pickFrom([...question].reduce((seed, letter) => Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0), 7))
  const first = pick([0, 1, 2, 3, 4, 5])
  const chosen = [0, 1, 2, 3].map((next) => middles[(first + next) % middles.length])
  const text = [pick(openings), ...chosen, pick(closings)].join(' ')
  return text.match(/\s?\S+/g) ?? []
}

/** How many tokens are due so many milliseconds after the question. */
export function tokensAfter(milliseconds: number, interval: number): number {
  return Math.max(0, Math.floor(milliseconds / interval))
}
