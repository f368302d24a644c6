/**
 * Edits of a text that several people write at once, and what happens where two of them meet. The server and the page use this
 * one file.
 *
 * An operation goes through a text from start to end: a positive number keeps so many characters, a negative one deletes so many,
 * a string is inserted. It covers the whole text, so that one made for another text is noticed. Characters are UTF-16 units, as
 * everywhere in JavaScript.
 *
 * @typedef {readonly (number | string)[]} Operation
 */

/**
 * True for what has the form of an operation and changes something.
 *
 * @param {unknown} value
 * @returns {value is Operation}
 */
export function isOperation(value) {
  return (
    Array.isArray(value) &&
    value.every((part) => (typeof part === 'string' ? part !== '' : Number.isSafeInteger(part) && part !== 0)) &&
    value.some((part) => typeof part === 'string' || part < 0)
  )
}

/**
 * The length of the texts that the operation is for.
 *
 * @param {Operation} operation
 */
export function lengthBefore(operation) {
  return operation.reduce((/** @type {number} */ sum, part) => sum + (typeof part === 'string' ? 0 : Math.abs(part)), 0)
}

/**
 * @param {Operation} operation
 */
export function lengthAfter(operation) {
  return operation.reduce(
    (/** @type {number} */ sum, part) => sum + (typeof part === 'string' ? part.length : Math.max(0, part)),
    0,
  )
}

/**
 * @param {string} text
 * @param {Operation} operation
 * @returns {string}
 */
export function apply(text, operation) {
  mustFit(lengthBefore(operation), text.length)
  let result = ''
  let at = 0
  for (const part of operation) {
    if (typeof part === 'string') result += part
    else {
      if (part > 0) result += text.slice(at, at + part)
      at += Math.abs(part)
    }
  }
  return result
}

/**
 * `a`, changed so that it fits a text that `b` has already changed. Nothing inserted is ever lost, not even where the other one
 * deletes. Where both insert at one place, the text of the one that is 'first' in the common order comes first.
 *
 * @param {Operation} a
 * @param {Operation} b
 * @param {'first' | 'second'} order The place of `a` in the common order.
 * @returns {Operation}
 */
export function transform(a, b, order) {
  mustFit(lengthBefore(a), lengthBefore(b))
  const mine = read(a)
  const other = read(b)
  const result = write()

  for (;;) {
    const part = mine.part
    const met = other.part
    if (typeof part === 'string' && (order === 'first' || typeof met !== 'string')) {
      result.add(part)
      mine.skip(part.length)
    } else if (typeof met === 'string') {
      result.add(met.length)
      other.skip(met.length)
    } else if (typeof part !== 'number' || met === undefined) return result.operation
    else {
      const length = Math.min(Math.abs(part), Math.abs(met))
      if (met > 0) result.add(Math.sign(part) * length)
      mine.skip(length)
      other.skip(length)
    }
  }
}

/**
 * One operation that does what `a` and then `b` do.
 *
 * @param {Operation} a
 * @param {Operation} b
 * @returns {Operation}
 */
export function compose(a, b) {
  mustFit(lengthAfter(a), lengthBefore(b))
  const one = read(a)
  const next = read(b)
  const result = write()

  for (;;) {
    const part = one.part
    const then = next.part
    if (typeof part === 'number' && part < 0) {
      result.add(part)
      one.skip(-part)
    } else if (typeof then === 'string') {
      result.add(then)
      next.skip(then.length)
    } else if (part === undefined || then === undefined) return result.operation
    else {
      const length = Math.min(typeof part === 'string' ? part.length : part, Math.abs(then))
      if (then > 0) result.add(typeof part === 'string' ? part.slice(0, length) : length)
      else if (typeof part === 'number') result.add(-length)
      one.skip(length)
      next.skip(length)
    }
  }
}

/**
 * The operation that takes `operation` back, in a text that it has just changed.
 *
 * @param {Operation} operation
 * @param {string} before The text that it changed.
 * @returns {Operation}
 */
export function invert(operation, before) {
  const result = write()
  let at = 0
  for (const part of operation) {
    if (typeof part === 'string') result.add(-part.length)
    else {
      result.add(part > 0 ? part : before.slice(at, at - part))
      at += Math.abs(part)
    }
  }
  return result.operation
}

/**
 * The operation that makes `after` of `before`, as one change in one place; `undefined` where nothing has changed.
 *
 * @param {string} before
 * @param {string} after
 * @param {number} [caret] Where the change ends in `after`: tells which of several equal letters was typed.
 * @returns {Operation | undefined}
 */
export function difference(before, after, caret = after.length) {
  if (before === after) return undefined

  const shorter = Math.min(before.length, after.length)
  let tail = 0
  const longestTail = Math.min(shorter, after.length - Math.min(caret, after.length))
  while (tail < longestTail && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  let head = 0
  while (head < shorter - tail && before[head] === after[head]) head += 1
  // Before this the tail was compared only behind the caret: more of it may be alike.
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1

  // A surrogate pair, such as an emoji, must not be cut in two.
  if (isFirstHalf(before[head - 1])) head -= 1
  if (tail > 0 && isSecondHalf(before.at(-tail))) tail -= 1

  const result = write()
  result.add(head)
  result.add(after.slice(head, after.length - tail))
  result.add(-(before.length - head - tail))
  result.add(tail)
  return result.operation
}

/**
 * Where a caret stands after the operation.
 *
 * @param {number} caret
 * @param {Operation} operation
 */
export function moveCaret(caret, operation) {
  let at = 0
  let moved = caret
  for (const part of operation) {
    if (at > caret) break
    if (typeof part === 'string') {
      // What is written exactly at the caret comes after it: it is not this caret's own.
      if (at < caret) moved += part.length
    } else {
      if (part < 0) moved -= Math.min(-part, caret - at)
      at += Math.abs(part)
    }
  }
  return moved
}

/** @param {string | undefined} unit */
function isFirstHalf(unit) {
  return unit !== undefined && unit >= '\ud800' && unit <= '\udbff'
}

/** @param {string | undefined} unit */
function isSecondHalf(unit) {
  return unit !== undefined && unit >= '\udc00' && unit <= '\udfff'
}

/**
 * @param {number} expected
 * @param {number} actual
 */
function mustFit(expected, actual) {
  if (expected !== actual) throw new RangeError(`The operation is for ${expected} characters, and there are ${actual}.`)
}

/** @param {Operation} operation */
function read(operation) {
  let index = 0
  let used = 0

  return {
    /** What is left of the part to read next, `undefined` at the end. */
    get part() {
      const part = operation[index]
      if (typeof part !== 'number') return part?.slice(used)
      return part - Math.sign(part) * used
    },
    /** @param {number} length At most what is left of the part. */
    skip(length) {
      const part = operation[index]
      used += length
      if (used < (typeof part === 'string' ? part.length : Math.abs(part ?? 0))) return
      index += 1
      used = 0
    },
  }
}

function write() {
  /** @type {(number | string)[]} */
  const operation = []

  return {
    operation,
    /** @param {number | string} part */
    add(part) {
      if (part === 0 || part === '') return
      const last = operation.at(-1)
      const isSame =
        typeof last === 'string' ? typeof part === 'string' : typeof part === 'number' && Number(last) > 0 === part > 0
      // Two strings join, and so do two numbers of one sign.
      if (last !== undefined && isSame) operation[operation.length - 1] = /** @type {string} */ (last) + part
      else operation.push(part)
    },
  }
}
