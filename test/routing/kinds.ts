/** The four ways to listen, for tests of what they have in common. */
import { givenOpen, say } from '../circumstances.ts'

export const kinds = ['on', 'onAny', 'onState', 'onError'] as const
type Kind = (typeof kinds)[number]

/** Listens by each of the four ways; `happen` makes it hear one thing. */
export function givenKind(kind: Kind) {
  const all = givenOpen()
  const listen = (listener: () => void, options?: Parameters<typeof all.client.onAny>[1]) =>
    kind === 'on' ? all.client.on('news', listener, options) : all.client[kind](listener, options)
  const happen = () => {
    if (kind === 'onState') all.client.reconnect()
    else if (kind === 'onError') all.link().receive('{')
    else say(all.link(), 'news')
  }
  const heard: string[] = []
  const note = (what: string) => () => void heard.push(what)
  return { ...all, listen, happen, heard, note }
}
