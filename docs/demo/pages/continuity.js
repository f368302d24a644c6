/** Counts which of a series of consecutive numbers are missing and which are repeated, and shows both counts. */
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

    /** Begins another series: at the number after `number`, or, without one, at whatever number comes first. */
    startAfter(number) {
      last = number
      show()
    },
  }
}
