/** A line chart by uPlot that follows the page: its width, and its colours, light and dark. Below it stands a legend as a list. */
import uPlot from '/vendor/uplot/uPlot.esm.js'

/**
 * Each of `lines` has a `label`, a `colour` (the name of a custom property), and if wanted `dash`, `points`, and `band`: the area
 * between two more series. `x` and `y` are uPlot's scales. `axes` has their labels, and `xValues`, which makes the texts at the ticks.
 */
export function createLineChart(root, { lines, x, y, axes, height = 260 }) {
  let colours = readColours()
  const series = [{}]
  const bands = []
  for (const { label, colour, dash, band, points = false } of lines) {
    const stroke = () => colours.read(colour)
    series.push({ label, stroke, width: 2, dash, points: { show: points, size: 9, fill: stroke } })
    if (!band) continue
    const edge = { width: 0, points: { show: false } }
    bands.push({ series: [series.length + 1, series.length], fill: () => `${colours.read(colour)}33` })
    series.push({ ...edge }, { ...edge })
  }

  const axis = (label, values) => ({
    label,
    labelSize: 20,
    stroke: () => colours.read('--quiet'),
    grid: { stroke: () => colours.read('--line'), width: 1 },
    ticks: { stroke: () => colours.read('--line'), width: 1 },
    ...(values && { values }),
  })
  const chart = new uPlot(
    {
      width: Math.max(200, root.clientWidth),
      height,
      series,
      bands,
      scales: { x: { time: false, ...x }, y },
      axes: [axis(axes.x, axes.xValues), axis(axes.y, axes.yValues)],
      legend: { show: false },
      cursor: { show: false },
    },
    series.map(() => []),
    root,
  )
  for (const name of ['role', 'aria-labelledby', 'aria-describedby']) {
    chart.ctx.canvas.setAttribute(name, root.getAttribute(name))
    root.removeAttribute(name)
  }
  root.after(createLegend(lines))

  new ResizeObserver(() => chart.setSize({ width: Math.max(200, root.clientWidth), height })).observe(root)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colours = readColours()
    chart.redraw()
  })

  return {
    /** The values of x, then those of every line, each followed by the two edges of its band. */
    show: (data) => chart.setData(data),
  }
}

function createLegend(lines) {
  const legend = document.createElement('ul')
  legend.className = 'legend'
  for (const { label, colour, dash } of lines) {
    const entry = document.createElement('li')
    entry.style.setProperty('--line-colour', `var(${colour})`)
    entry.dataset.dash = dash ? dash.join(' ') : ''
    entry.textContent = label
    legend.append(entry)
  }
  return legend
}

/** Read once, not for every line of every frame. */
function readColours() {
  const style = getComputedStyle(document.documentElement)
  const known = new Map()
  return {
    read(name) {
      if (!known.has(name)) known.set(name, style.getPropertyValue(name).trim())
      return known.get(name)
    },
  }
}
