/** The clauses of the standards that the cases are drawn from: the number or name that is shown, and where it is. */
const html = 'https://html.spec.whatwg.org/multipage'
const stream = `${html}/server-sent-events.html`
const fetch = 'https://fetch.spec.whatwg.org'

export const clauses = {
  constructor: ['9.2.2', `${stream}#dom-eventsource`],
  close: ['9.2.2', `${stream}#dom-eventsource-close`],
  processing: ['9.2.3', `${stream}#sse-processing-model`],
  announce: ['9.2.3', `${stream}#announce-the-connection`],
  reestablish: ['9.2.3', `${stream}#reestablish-the-connection`],
  fail: ['9.2.3', `${stream}#fail-the-connection`],
  'last-event-id': ['9.2.4', `${stream}#the-last-event-id-header`],
  parsing: ['9.2.5', `${stream}#parsing-an-event-stream`],
  interpreting: ['9.2.6', `${stream}#event-stream-interpretation`],
  dispatch: ['9.2.6', `${stream}#dispatchMessage`],
  'cors request': ['2.5', `${html}/urls-and-fetching.html#create-a-potential-cors-request`],
  'utf-8': ['Encoding', 'https://encoding.spec.whatwg.org/#utf-8-decode'],
  'content type': ['Fetch', `${fetch}/#concept-header-extract-mime-type`],
  redirect: ['Fetch', `${fetch}/#http-redirect-fetch`],
  'cors check': ['Fetch', `${fetch}/#concept-cors-check`],
  preflight: ['Fetch', `${fetch}/#http-fetch`],
  network: ['Fetch', `${fetch}/#http-network-or-cache-fetch`],
} as const

export type Clause = keyof typeof clauses

/** `[9.2.6][dispatch]`: a table with addresses in it would be twice as wide. */
export function linkTo(clause: Clause): string {
  return `[${clauses[clause][0]}][${clause}]`
}

/** Where those links lead, one on a line. */
export function formatAddresses(): string {
  return Object.entries(clauses)
    .map(([clause, [, url]]) => `[${clause}]: ${url}`)
    .join('\n')
}
