/** The line that says who is typing. A name that is not heard again for a while goes away by itself. */

const silence = 2500

export function createTypingLine(root) {
  const timers = new Map()

  function forget(name) {
    clearTimeout(timers.get(name))
    if (timers.delete(name)) show()
  }

  function show() {
    root.textContent = wordsFor([...timers.keys()])
  }

  return {
    heard(name) {
      clearTimeout(timers.get(name))
      timers.set(name, setTimeout(forget, silence, name))
      show()
    },

    forget,

    clear() {
      for (const name of [...timers.keys()]) forget(name)
    },
  }
}

function wordsFor([first, second, ...others]) {
  if (first === undefined) return ''
  if (second === undefined) return `${first} is typing…`
  return others.length === 0 ? `${first} and ${second} are typing…` : 'Several people are typing…'
}
