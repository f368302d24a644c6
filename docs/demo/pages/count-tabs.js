/**
 * How many tabs have this page open: each holds a shared lock, and the browser knows who holds locks, also when a tab crashes. Where
 * there are no locks, there is no link for all tabs either, and each tab counts itself only.
 */

const lockName = 'holdfast demo: a tab'

/** Calls back with the count, now and about every second. */
export function countTabs(show) {
  if (!navigator.locks) return show(1)

  let release
  // A page that holds a lock is not kept in the back/forward cache.
  addEventListener('pagehide', () => release?.())
  addEventListener('pageshow', ({ persisted }) => persisted && hold())

  function hold() {
    navigator.locks.request(
      lockName,
      { mode: 'shared' },
      () =>
        new Promise((resolve) => {
          release = resolve
        }),
    )
  }

  async function look() {
    const { held } = await navigator.locks.query()
    show(held.filter(({ name }) => name === lockName).length)
  }

  hold()
  look()
  setInterval(look, 1000)
}
