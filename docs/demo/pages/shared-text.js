/**
 * A page's copy of the common text. The server puts all edits into one order. The copy is ahead of the server's text by what was
 * typed here, and what others typed is changed so that it fits. It knows neither the connection nor the page's elements.
 *
 * One edit at a time is on its way (`sent`). What is typed meanwhile is joined into one that waits (`waiting`). So an edit that was on
 * its way when the connection broke can be sent again, under its key: the server knows whether it has had it.
 */
import { apply, compose, difference, invert, transform } from './text-operation.js'

/** @typedef {import('./text-operation.js').Operation} Operation */

/** How many keys a page remembers, those of the last edits in its text. The server takes no longer lists. */
export const mostKeys = 100

/**
 * @param {() => string} makeKey Makes a key that no other edit has, on any page.
 */
export function createSharedText(makeKey) {
  /** @type {string | undefined} Which text this is a copy of. */
  let document
  let revision = 0
  /** @type {string[]} The keys of the last edits in `confirmed`: a new server must not take them again. */
  let keys = []
  /** The text as the server has it. */
  let confirmed = ''
  /** The text that is shown: with what was typed here. */
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
    let shown = operation
    if (sent) {
      const fitted = transform(sent.operation, shown, 'second')
      shown = transform(shown, sent.operation, 'first')
      sent = { ...sent, operation: fitted }
    }
    if (waiting) {
      const fitted = transform(waiting, shown, 'second')
      shown = transform(shown, waiting, 'first')
      waiting = fitted
    }
    text = apply(text, shown)
    return shown
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

    /** For a server whose process is new: the confirmed text. What was typed since follows as an edit. */
    toBring() {
      return { text: confirmed, keys }
    },

    /**
     * Takes what the server says first on a new connection: the edits since the last one, or the whole text where it cannot tell them.
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

      const isOtherText = document !== undefined && document !== welcome.document
      if (welcome.isKnown) confirm()
      keys = [...(welcome.keys ?? [])]
      document = welcome.document
      revision = welcome.revision

      if (isOtherText) {
        // The server does not know keys of the old text: what was on its way joins what waits, for a new key.
        waiting = sent && waiting ? compose(sent.operation, waiting) : (sent?.operation ?? waiting)
        sent = undefined
      }
      const change = difference(confirmed, welcome.text)
      return change ? [take(change)] : []
    },

    /**
     * Takes back the edit that is on its way, which the server has refused.
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
     * What to send now, if anything. With 'again', on a new connection, that includes the edit that was on its way.
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
