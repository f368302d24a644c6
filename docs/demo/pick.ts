/** Chooses words by a number: the same number gives the same words, in every process. */

export type Pick = <T>(list: readonly [T, ...T[]]) => T

/** Scatters neighbouring numbers: taken as they are, they would choose neighbouring words. */
export function pickFrom(number: number): Pick {
  let seed = number >>> 0

  return (list) => {
    seed = (seed + 0x9e3779b9) >>> 0
    let mixed = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return list[((mixed ^ (mixed >>> 16)) >>> 0) % list.length] ?? list[0]
  }
}
