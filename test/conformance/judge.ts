/** Holds what was seen against what a case expects. Pure functions. */
import type { Case, Column, Expected } from './case.ts'
import type { Observation } from './observe.ts'
import type { Run } from './scripted-server.ts'

export interface Sighting extends Observation {
  readonly run: Run
  /** The page's origin: a case cannot know it. */
  readonly origin: string
}

/** What stands in a cell: nothing where the client does what the standard says, otherwise the reason why not, or what nobody expected. */
export type Verdict =
  | { readonly is: 'as the standard says' }
  | { readonly is: 'different'; readonly because: keyof typeof import('./reasons.ts').reasons }
  | { readonly is: 'unexpected'; readonly problems: readonly string[] }

export function judge(one: Case, column: Column, sighting: Sighting): Verdict {
  const difference = one.differences?.[column]
  const problems = compare(one.expected, sighting)
  if (!difference) return problems.length > 0 ? { is: 'unexpected', problems } : { is: 'as the standard says' }

  const others = compare({ ...one.expected, ...difference.instead }, sighting)
  if (others.length > 0) return { is: 'unexpected', problems: others }
  if (problems.length === 0)
    return { is: 'unexpected', problems: ['it does what the standard says, though a difference is named'] }
  return { is: 'different', because: difference.because }
}

/** In what the sighting differs from what is expected, one line each. */
export function compare(expected: Expected, { outcome, events, errors, run, origin }: Sighting): readonly string[] {
  const problems: string[] = []
  const check = (what: string, isRight: boolean, wanted: unknown, found: unknown) => {
    if (!isRight) problems.push(`${what}: ${shorten(wanted)} was expected, not ${shorten(found)}`)
  }

  const told = `${outcome}${errors.length > 0 ? ` (${errors.join(', ')})` : ''}`
  check('outcome', [expected.outcome].flat().includes(outcome), expected.outcome, told)
  if (expected.events) check('events', equal(events, expected.events), expected.events, events)
  if (expected.requests !== undefined)
    check('requests', run.requests.length === expected.requests, expected.requests, run.requests.length)
  if (expected.preflights !== undefined)
    check('preflights', run.preflights === expected.preflights, expected.preflights, run.preflights)
  if (expected.released) check('released', run.requests[0]?.released === true, true, run.requests[0]?.released)

  for (const [number, headers] of Object.entries(expected.sent ?? {})) {
    const request = run.requests[Number(number)]
    for (const [name, value] of Object.entries(headers)) {
      const found = name === ':method' ? request?.method : inUtf8(request?.headers[name])
      const wanted = value === '(the page)' ? origin : value
      check(`${name} of request ${number}`, request !== undefined && found === wanted, wanted, request && found)
    }
  }

  const { after = 0, least = 0, most = Infinity } = expected.wait ?? {}
  const waited = (run.requests[after + 1]?.at ?? NaN) - (run.requests[after]?.end ?? NaN)
  if (expected.wait)
    check('wait', waited >= least && waited <= most, `from ${least} to ${most} ms`, `${Math.round(waited)} ms`)
  return problems
}

/** Node reads each byte of a header as a character. */
function inUtf8(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(String(value), 'latin1').toString('utf8')
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
