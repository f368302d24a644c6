/**
 * The board: boats that are moved with the pointer or the arrow keys, and the pointers of the others. For boats that are moved while
 * the server is away, the last place of each is sent when it is back.
 */

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** `moved(text, isOwn)` hears of what is moved with the keys here, and of what others move. */
export function createBoard(root, { moved }) {
  const boats = new Map()
  const pointers = new Map()
  const unsent = new Map()
  let client

  function moveTo(name, place) {
    const { element } = boats.get(name)
    boats.set(name, { element, place })
    element.style.insetInlineStart = `${place.x}%`
    element.style.insetBlockStart = `${place.y}%`
    element.setAttribute('aria-label', `${name}, ${wordsFor(place)}`)
  }

  /** Places in between are worth sending now or not at all; the last one is kept until it can be sent. */
  function move(name, place) {
    moveTo(name, place)
    const result = client.send('move', { name, ...place }, { volatile: true })
    if (result === 'dropped') unsent.set(name, place)
    else unsent.delete(name)
  }

  function addBoat(name) {
    const element = document.createElement('button')
    element.type = 'button'
    element.className = 'boat'
    element.textContent = name
    element.setAttribute('aria-describedby', 'board-help')
    boats.set(name, { element })
    root.append(element)

    element.addEventListener('pointerdown', (event) => element.setPointerCapture(event.pointerId))
    element.addEventListener('pointermove', (event) => {
      if (element.hasPointerCapture(event.pointerId)) move(name, placeOf(event))
    })
    element.addEventListener('keydown', (event) => {
      const step = steps[event.key]
      if (!step) return

      event.preventDefault()
      const { place } = boats.get(name)
      const length = event.shiftKey ? 10 : 2
      const next = { x: clamp(place.x + step[0] * length), y: clamp(place.y + step[1] * length) }
      move(name, next)
      moved(`${name}: ${wordsFor(next)}.`, true)
    })
  }

  function placeOf({ clientX, clientY }) {
    const { left, top, width, height } = root.getBoundingClientRect()
    return { x: clamp(((clientX - left) / width) * 100), y: clamp(((clientY - top) / height) * 100) }
  }

  root.addEventListener('pointermove', (event) => {
    if (event.target === root) client.send('pointer', placeOf(event), { volatile: true })
  })

  return {
    /** For the handshake: takes over where the boats are, and sends those that were moved here meanwhile. */
    welcome(all, send) {
      for (const { name, x, y } of all) {
        if (!boats.has(name)) addBoat(name)
        if (!unsent.has(name)) moveTo(name, { x, y })
      }
      for (const [name, place] of unsent) send('move', { name, ...place })
      unsent.clear()
      for (const [who, pointer] of pointers) {
        pointer.remove()
        pointers.delete(who)
      }
    },

    follow(followed) {
      client = followed
      client.on('moved', ({ who, name, x, y }) => {
        moveTo(name, { x, y })
        moved(`${who} moves ${name}.`, false)
      })
      client.on('pointer', ({ who, x, y }) => {
        const pointer = pointers.get(who) ?? createPointer(who)
        if (!pointers.has(who)) root.append(pointer)
        pointers.set(who, pointer)
        pointer.style.insetInlineStart = `${x}%`
        pointer.style.insetBlockStart = `${y}%`
      })
      client.on('left', ({ who }) => {
        pointers.get(who)?.remove()
        pointers.delete(who)
      })
    },
  }
}

function createPointer(who) {
  const pointer = document.createElement('span')
  pointer.className = 'pointer'
  pointer.textContent = who
  pointer.setAttribute('aria-hidden', 'true')
  return pointer
}

/** Keeps the whole boat on the board, also on the small board of a phone. In percent. */
function clamp(share) {
  return Math.round(Math.min(84, Math.max(16, share)) * 10) / 10
}

function wordsFor({ x, y }) {
  return `${Math.round(x)} % from the left, ${Math.round(y)} % from the top`
}
