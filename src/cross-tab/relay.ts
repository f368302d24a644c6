/** Followers' frames, on their way from the channel to the leader's link: each once, and in its sender's order. */
import type { Frame } from '../codec.ts'
import { createFifo } from '../delivery/fifo.ts'
import type { Memory } from './memory.ts'
import { type Message, type Messages, type send, sent } from './messages.ts'

/**
 * `isBusy` says whether the link takes none for now; `give` hands it one, and returns whether it has taken it.
 *
 * @returns what takes a frame in, if there is one, and hands on those that the link takes now. To be called again when it takes more.
 */
export function createRelay(
  memory: Memory,
  isBusy: () => unknown,
  give: (frame: Frame) => unknown,
  post: (...message: Message<typeof sent>) => void,
): (arrived?: Messages[typeof send] | null) => void {
  /** What the link, while it is busy, has not taken yet. */
  const held = createFifo<Messages[typeof send]>()
  /** The one of these that the link has taken last, while its sender has not been told. */
  let handed: Messages[typeof sent] | undefined

  return (arrived) => {
    if (arrived) held.push(arrived)
    // Neither those that a busy link leaves here are confirmed nor the one under way: the next leader gets them all.
    while (!isBusy()) {
      if (handed) {
        handed = post(sent, ...handed) as undefined
        // Now this tab's own, by turns, or a tab that never stops sending would keep out the others.
        memory.ready?.()
        continue
      }
      const next = held.shift()
      if (!next) return
      const [from, heardTerm, count, frame, oldest] = next
      // The sender has not heard of this term yet. When it has, it sends again what nobody has confirmed.
      if (heardTerm !== memory.newest) continue
      // A frame that has overtaken another comes again. Those before `oldest` do not: a leader before this one has confirmed them.
      let last = Math.max(memory.taken.get(from) ?? 0, oldest - 1)
      if (count === last + 1 && give(frame)) last = count
      memory.taken.set(from, last)
      if (count <= last) handed = [from, count]
    }
  }
}
