/**
 * A page's copy of the common text. The server puts all edits into one order; the copy runs ahead of it with what was typed here,
 * and takes what others typed as it has to be for a text that is ahead. Knows no connection and no document tree.
 *
 * One edit at a time is on its way (`sent`). What is typed meanwhile is joined into one that waits. So an edit that was on its way
 * when the connection broke can be sent again, under its key: the server knows whether it has had it.
 */
import { apply, compose, difference, invert, transform } from './text-operation.js'

/** @typedef {import('./text-operation.js').Operation} Operation */

/** So many edits back a page remembers what its text has. Server and page agree on it: the server takes no longer lists. */
export const mostKeys = 100

/**
 * @param {() => string} makeKey Makes a key that nobody else makes.
 */
export function createSharedText(makeKey) {
  /** @type {string | undefined} Which text this is a copy of. */
  let document
  let revision = 0
  /** @type {string[]} The keys of the last edits in `confirmed`: a new server must not take them again. */
  let keys = []
  /** As the server has it. */
  let confirmed = ''
  /** With what was typed here. */
  let text = ''
  /** @type {{ key: string, operation: Operation } | undefined} */
  let sent
  /** @type {Operation | undefined} */
  let waiting

  /**
   * Takes an operation that changes the confirmed text.
   *
   * @param {Operation} operation
   * @returns {Operation} The same for the text that is shown.
   */
  function take(operation) {
    confirmed = apply(confirmed, operation)
    let here = operation
    if (sent) {
      const past = transform(sent.operation, here, 'second')
      here = transform(here, sent.operation, 'first')
      sent = { ...sent, operation: past }
    }
    if (waiting) {
      const past = transform(waiting, here, 'second')
      here = transform(here, waiting, 'first')
      waiting = past
    }
    text = apply(text, here)
    return here
  }

  function confirm() {
    if (sent) confirmed = apply(confirmed, sent.operation)
    sent = undefined
  }

  /**
   * @param {{ revision: number, key: string, operation: Operation }} edit
   * @returns {Operation | undefined} What changes in the text that is shown.
   */
  function receive(edit) {
    if (edit.revision !== revision + 1) throw new RangeError(`Edit ${edit.revision} came after ${revision}.`)
    revision = edit.revision
    keys = [...keys, edit.key].slice(-mostKeys)
    if (sent?.key === edit.key) return confirm()
    return take(edit.operation)
  }

  return {
    get text() {
      return text
    },
    get revision() {
      return revision
    },
    get document() {
      return document
    },
    /** The key of what is on its way. */
    get sentKey() {
      return sent?.key
    },
    /** Whether something typed here is not yet known to be with the server. */
    get isAhead() {
      return sent !== undefined || waiting !== undefined
    },

    /**
     * What was typed here.
     *
     * @param {Operation} operation
     */
    edit(operation) {
      text = apply(text, operation)
      waiting = waiting ? compose(waiting, operation) : operation
    },

    receive,

    /** For a server that has no text yet. Without what was typed since: that follows, as an edit. */
    toBring() {
      return { text: confirmed, keys }
    },

    /**
     * What a new connection says first: the edits since the last one, or the whole text where that is not possible.
     *
     * @param {{ document: string, revision: number, text?: string, keys?: readonly string[], isKnown: boolean,
     *   edits?: readonly { revision: number, key: string, operation: Operation }[] }} welcome
     * @returns {readonly Operation[]} What changes in the text that is shown.
     */
    resume(welcome) {
      if (welcome.text === undefined) {
        // Not `flatMap`: an operation is a list itself.
        return (welcome.edits ?? []).map(receive).filter((change) => change !== undefined)
      }

      const isOther = document !== undefined && document !== welcome.document
      if (welcome.isKnown) confirm()
      keys = [...(welcome.keys ?? [])]
      document = welcome.document
      revision = welcome.revision

      if (isOther) {
        // A key of the old text says nothing to the new one.
        waiting = sent && waiting ? compose(sent.operation, waiting) : (sent?.operation ?? waiting)
        sent = undefined
      }
      const change = difference(confirmed, welcome.text)
      return change ? [take(change)] : []
    },

    /**
     * Takes back the edit that is on its way, which the server does not want.
     *
     * @returns {Operation | undefined} What changes in the text that is shown.
     */
    takeBack() {
      if (!sent) return undefined
      const { operation } = sent
      const before = confirmed
      confirm()
      return take(invert(operation, before))
    },

    /**
     * What to send now; the same edit once more after a new connection.
     *
     * @param {'next' | 'again'} which
     */
    toSend(which) {
      if (sent && which === 'next') return undefined
      if (!sent && waiting) {
        sent = { key: makeKey(), operation: waiting }
        waiting = undefined
      }
      return sent && { revision, ...sent }
    },
  }
}
