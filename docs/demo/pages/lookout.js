/** Says in words where things are on the water, for those who do not see it. */

const points = ['east', 'south-east', 'south', 'south-west', 'west', 'north-west', 'north', 'north-east']

/** "120 m north-east" */
export function wayTo(from, to) {
  const way = Math.hypot(to.x - from.x, to.y - from.y)
  if (way < 1) return 'right here'
  const point = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / (Math.PI / 4))
  return `${Math.round(way)} m ${points[(point + 8) % 8]}`
}

export function nearestOf(from, things) {
  const way = ({ x, y }) => Math.hypot(x - from.x, y - from.y)
  return things.reduce((best, each) => (best && way(best) <= way(each) ? best : each), undefined)
}
