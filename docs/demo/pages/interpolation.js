/**
 * Where a boat was, between the places that the server has told of. These come in several times a second, unevenly, and are drawn a
 * little later, when the next one is usually there already. A place that is no newer than the last one is left out.
 */

const kept = 20

export function createTrack() {
  const points = []

  return {
    /** `time` is by the server's clock. */
    add(point) {
      const last = points.at(-1)
      if (last && point.time <= last.time) return
      points.push(point)
      if (points.length > kept) points.shift()
    },

    /** Where the boat was at this time of the server's clock. Before the first place and after the last it stands still. */
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

/** The angle from one heading to the other, the shorter way round. */
function turn(from, to) {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from))
}

/** The server's clock, estimated from the quickest message of late: the others were under way for longer. */
export function createTellerClock() {
  /** By how much the page's clock is ahead of it. */
  let ahead

  return {
    heard(time, now) {
      const seen = now - time
      // A later message may raise it again, but slowly: one of the two clocks may run faster.
      ahead = ahead === undefined ? seen : Math.min(seen, ahead + 0.05)
    },
    read(now) {
      return now - (ahead ?? 0)
    },
  }
}
