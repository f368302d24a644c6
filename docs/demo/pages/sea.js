/** Draws the harbour on a canvas, in the colours of the page, as sharp as the screen is. */

export function createSea(canvas) {
  const context = canvas.getContext('2d')
  let colours = readColours()
  let scale = 1

  function fit() {
    const ratio = devicePixelRatio || 1
    const { width } = canvas.getBoundingClientRect()
    canvas.width = Math.max(1, Math.round(width * ratio))
    canvas.height = Math.round((canvas.width * 540) / 960)
    scale = canvas.width / 960
  }

  new ResizeObserver(fit).observe(canvas)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colours = readColours()
  })

  function drawLantern({ x, y }, isWaiting) {
    context.globalAlpha = isWaiting ? 0.35 : 1
    context.fillStyle = colours.glow
    circle(x, y, 15)
    context.fillStyle = colours.light
    circle(x, y, 7)
    context.globalAlpha = 1
  }

  function circle(x, y, radius) {
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    context.fill()
  }

  function drawBoat({ x, y, heading, name, colour, isOwn }) {
    context.save()
    context.translate(x, y)
    context.rotate(heading)
    context.beginPath()
    context.moveTo(18, 0)
    context.quadraticCurveTo(4, 11, -14, 8)
    context.lineTo(-14, -8)
    context.quadraticCurveTo(4, -11, 18, 0)
    context.fillStyle = colours.people[colour]
    context.fill()
    context.lineWidth = isOwn ? 3 : 1
    context.strokeStyle = colours.ink
    context.stroke()
    context.restore()

    // On a phone the world is small, and a name should not be.
    const size = Math.max(15, 11 / (scale / (devicePixelRatio || 1)))
    context.font = `600 ${size}px system-ui, sans-serif`
    context.textAlign = 'center'
    context.fillStyle = colours.ink
    const half = context.measureText(name).width / 2
    context.fillText(name, Math.min(Math.max(x, half + 4), 956 - half), y < 45 ? y + 20 + size : y - 20)
  }

  return {
    /** Where in the world a pointer is. */
    toWorld({ clientX, clientY }) {
      const { left, top, width, height } = canvas.getBoundingClientRect()
      return { x: ((clientX - left) / width) * 960, y: ((clientY - top) / height) * 540 }
    },

    draw(lanterns, isWaiting, boats) {
      context.setTransform(scale, 0, 0, scale, 0, 0)
      context.fillStyle = colours.water
      context.fillRect(0, 0, 960, 540)
      for (const lantern of lanterns) drawLantern(lantern, isWaiting(lantern))
      for (const boat of boats) drawBoat(boat)
    },
  }
}

function readColours() {
  const style = getComputedStyle(document.documentElement)
  const read = (name) => style.getPropertyValue(name).trim()
  return {
    water: read('--water'),
    light: read('--light'),
    glow: read('--glow'),
    ink: read('--ink'),
    people: Array.from({ length: 8 }, (_, index) => read(`--person-${index}`)),
  }
}
