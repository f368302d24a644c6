/** Counts what is missing from numbers that follow each other, and what comes again, and shows both. */
export function createContinuity(root) {
  let last
  let missing = 0
  let repeated = 0

  function show() {
    root.textContent = `missing ${missing}, repeated ${repeated}`
  }

  show()
  return {
    check(number) {
      if (last !== undefined && number <= last) repeated += 1
      else if (last !== undefined) missing += number - last - 1

      last = Math.max(last ?? number, number)
      show()
    },

    /** The next number is the first of others, or, where it is known, the one after `number`. */
    startAfter(number) {
      last = number
      show()
    },
  }
}
