/** Judges one client's diary and its server's. A pure function over both, so that it can be asked again and again. */
import type { ClientPlan, ClientReport } from './client.ts'
import type { Scenario, Setup } from './scenarios.ts'
import type { ServerReport } from './server.ts'

export interface Sighting {
  readonly scenario: Scenario
  readonly setup: Setup
  readonly transport: ClientPlan['transport']
  /** When the fault began, and when it was over. */
  readonly brokeAt: number
  readonly curedAt: number
  readonly client: ClientReport
  readonly server: ServerReport
}

export interface Verdict {
  /** The loss was noticed, if it has to be, and the client is open again. */
  readonly isBack: boolean
  readonly figures: string
  /** One sentence each; none is a pass. */
  readonly faults: readonly string[]
}

export function judge(sighting: Sighting): Verdict {
  const { scenario, setup, transport, brokeAt, curedAt, client, server } = sighting
  const figures: string[] = []
  const faults: string[] = []
  const must = (holds: unknown, sentence: string) => holds || faults.push(sentence)

  const { noticedWithin, noticedAs } = scenario
  const loss = client.errors.find(({ at }) => at >= brokeAt)
  figures.push(loss ? `loss noticed after ${seconds(loss.at - brokeAt)} as '${loss.what}'` : 'the link survived')
  if (noticedWithin !== undefined) {
    must(loss && loss.at - brokeAt <= noticedWithin, `the loss was not noticed within ${seconds(noticedWithin)}`)
  }
  must(!loss || !noticedAs || loss.what === noticedAs, `the loss was not noticed as '${noticedAs}'`)

  const dials = client.states.filter(({ at, what }) => what === 'connecting' && at >= brokeAt && at < curedAt)
  if (scenario.lasts > 0) figures.push(`dials during the fault: ${dials.length}`)

  const last = client.states.at(-1)
  const isBack = last?.what === 'open' && (noticedWithin === undefined || last.at >= brokeAt)
  const bound = scenario.back(setup)
  const back = Math.max(0, (last?.at ?? 0) - curedAt)
  if (isBack) figures.push(`open ${seconds(back)} after the fault was over (at most ${seconds(bound)})`)
  must(isBack, `no new link is open: ${last?.what}`)
  must(!isBack || back <= bound, `open later than ${seconds(bound)}`)

  figures.push(`at the server ${server.accepted} accepted, ${server.givenUp} given up, ${server.open} left`)
  must(server.open === 1, `${server.open} connections at the server`)

  const judged = transport === 'eventSource' ? judgeStream(client, server) : judgeNotes(scenario, client, server)
  figures.push(judged.figure)
  faults.push(...judged.faults)

  const page = client.page.filter(({ at }) => at >= brokeAt)
  if (page.length > 0) {
    figures.push(`the page heard ${page.map(({ at, what }) => `'${what}' at ${seconds(at - brokeAt)}`).join(', ')}`)
  }
  return { isBack, figures: figures.join('; '), faults }
}

interface Judged {
  readonly figure: string
  readonly faults: readonly string[]
}

function judgeStream({ events }: ClientReport, { produced }: ServerReport): Judged {
  const faults: string[] = []
  if (events.some((id, index) => id !== index + 1)) faults.push('events are missing, doubled or out of order')
  if ((events.at(-1) ?? 0) < produced)
    faults.push(`the stream is at ${produced}, and ${events.at(-1)} was the last heard`)
  return { figure: `${events.length} of ${produced} events heard`, faults }
}

function judgeNotes(scenario: Scenario, client: ClientReport, server: ServerReport): Judged {
  const arrived = server.notes.map(({ number }) => number)
  const faults: string[] = []
  if (new Set(server.notes.map(({ number, link }) => `${number} on ${link}`)).size < arrived.length) {
    faults.push('a message came twice on one link')
  }

  if (scenario.acknowledges) {
    const first = [...new Set(arrived)]
    const isWhole = first.length === client.notes.length && first.every((number, index) => number === index + 1)
    if (!isWhole) faults.push(`of ${client.notes.length} messages ${first.length} arrived, or out of order`)
    const unsettled = client.notes.filter(({ number }) => !client.acknowledged.includes(number))
    if (unsettled.length > 0) faults.push(`${unsettled.length} messages are not acknowledged`)
    const again = arrived.length - first.length
    return { figure: `${first.length} of ${client.notes.length} messages arrived, ${again} of them again`, faults }
  }

  const queued = client.notes.filter(({ result }) => result === 'queued').map(({ number }) => number)
  const sent = client.notes.filter(({ result }) => result === 'sent').map(({ number }) => number)
  if (queued.length === 0) faults.push('nothing was queued, so that nothing is shown')
  const delivered = arrived.filter((number) => queued.includes(number))
  if (String(delivered) !== String(queued)) faults.push('queued messages are missing, doubled or out of order')
  if (new Set(arrived).size < arrived.length) faults.push('a message came twice')
  const lost = sent.filter((number) => !arrived.includes(number))
  const figure = `${delivered.length} of ${queued.length} queued messages arrived, ${lost.length} sent into the dead link did not`
  return { figure, faults }
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}
