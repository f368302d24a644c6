/**
 * The readings of the last ten seconds, folded into slices of 40 ms: however many points come in, there are 250 slices of each gauge
 * to draw.
 */

const sliceLength = 40
const sliceCount = 250

/** `gauges` is how many there are. */
export function createSlices(gauges) {
  const all = Array.from({ length: gauges }, () => ({
    /** Which slice of time each place holds now: the places are used again and again. */
    slice: new Float64Array(sliceCount).fill(-1),
    sum: new Float64Array(sliceCount),
    count: new Float64Array(sliceCount),
    least: new Float64Array(sliceCount),
    most: new Float64Array(sliceCount),
    now: undefined,
  }))
  let newest = 0

  return {
    add(gauge, value, time) {
      const kept = all[gauge]
      const slice = Math.floor(time / sliceLength)
      if (!kept || slice <= newest - sliceCount) return

      newest = Math.max(newest, slice)
      const place = slice % sliceCount
      if (kept.slice[place] !== slice) {
        kept.slice[place] = slice
        kept.sum[place] = kept.count[place] = 0
        kept.least[place] = Number.POSITIVE_INFINITY
        kept.most[place] = Number.NEGATIVE_INFINITY
      }
      kept.sum[place] += value
      kept.count[place] += 1
      kept.least[place] = Math.min(kept.least[place], value)
      kept.most[place] = Math.max(kept.most[place], value)
      kept.now = value
    },

    /** Seconds before the newest slice, then for every gauge the means, the least and the most of each slice, oldest first. */
    toData() {
      const seconds = Array.from({ length: sliceCount }, (_, index) => ((index + 1 - sliceCount) * sliceLength) / 1000)
      const data = [seconds]
      for (const kept of all) {
        const columns = [[], [], []]
        for (let index = 0; index < sliceCount; index += 1) {
          const slice = newest - sliceCount + 1 + index
          const place = slice % sliceCount
          const isThere = slice >= 0 && kept.slice[place] === slice
          columns[0].push(isThere ? kept.sum[place] / kept.count[place] : null)
          columns[1].push(isThere ? kept.least[place] : null)
          columns[2].push(isThere ? kept.most[place] : null)
        }
        data.push(...columns)
      }
      return data
    },

    /** For every gauge: the newest value, and the least, most, sum and count of what is kept. */
    summaries() {
      return all.map((kept) => {
        const summary = {
          now: kept.now,
          least: Number.POSITIVE_INFINITY,
          most: Number.NEGATIVE_INFINITY,
          sum: 0,
          count: 0,
        }
        for (let place = 0; place < sliceCount; place += 1) {
          if (kept.slice[place] <= newest - sliceCount || kept.slice[place] < 0) continue
          summary.least = Math.min(summary.least, kept.least[place])
          summary.most = Math.max(summary.most, kept.most[place])
          summary.sum += kept.sum[place]
          summary.count += kept.count[place]
        }
        return summary
      })
    },
  }
}
