/** How the visitor steers: with the arrow keys or W, A, S, D while the harbour has the focus, or with a finger or the mouse, held down. */

const keys = {
  ArrowUp: 'up',
  KeyW: 'up',
  ArrowDown: 'down',
  KeyS: 'down',
  ArrowLeft: 'left',
  KeyA: 'left',
  ArrowRight: 'right',
  KeyD: 'right',
}

/** `toWorld` says where in the world a pointer is. */
export function createHelm(root, toWorld) {
  const held = new Set()
  let target

  root.addEventListener('keydown', (event) => {
    const direction = keys[event.code]
    // With a modifier it is a shortcut of the browser.
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    held.add(direction)
  })
  root.addEventListener('keyup', ({ code }) => held.delete(keys[code]))
  // A key that is let go elsewhere is not heard.
  root.addEventListener('blur', () => held.clear())

  root.addEventListener('pointerdown', (event) => {
    root.setPointerCapture(event.pointerId)
    target = toWorld(event)
  })
  root.addEventListener('pointermove', (event) => {
    if (target) target = toWorld(event)
  })
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
    root.addEventListener(end, () => {
      target = undefined
    })

  return {
    /** The direction to sail in from here, of length 1; `undefined` to stay. */
    directionFrom({ x, y }) {
      if (target) {
        const way = Math.hypot(target.x - x, target.y - y)
        return way < 4 ? undefined : { x: (target.x - x) / way, y: (target.y - y) / way }
      }
      const along = Number(held.has('right')) - Number(held.has('left'))
      const down = Number(held.has('down')) - Number(held.has('up'))
      const way = Math.hypot(along, down)
      return way === 0 ? undefined : { x: along / way, y: down / way }
    },
  }
}
