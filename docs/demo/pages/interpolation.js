/**
 * Where a boat was, between the places that were told of it: several a second come in, unevenly, and are drawn a little later, when
 * the next one is mostly there already. A place that comes too late is of no use and is left out.
 */

const kept = 20

export function createTrack() {
  const points = []

  return {
    /** `time` by the teller's clock. */
    add(point) {
      const last = points.at(-1)
      if (last && point.time <= last.time) return
      points.push(point)
      if (points.length > kept) points.shift()
    },

    /** By the teller's clock. Before the first and after the last it stands still. */
    at(time) {
      const next = points.findIndex((point) => point.time >= time)
      if (next <= 0) return points.at(next)
      const from = points[next - 1]
      const to = points[next]
      const part = (time - from.time) / (to.time - from.time)
      return {
        x: from.x + (to.x - from.x) * part,
        y: from.y + (to.y - from.y) * part,
        heading: from.heading + turn(from.heading, to.heading) * part,
      }
    },
  }
}

/** The shorter way round. */
function turn(from, to) {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from))
}

/** What the teller's clock shows, guessed from the quickest message of late: the others were under way for longer. */
export function createTellerClock() {
  let ahead

  return {
    heard(time, now) {
      const seen = now - time
      // Slowly back, in case the clocks go differently.
      ahead = ahead === undefined ? seen : Math.min(seen, ahead + 0.05)
    },
    read(now) {
      return now - (ahead ?? 0)
    },
  }
}
