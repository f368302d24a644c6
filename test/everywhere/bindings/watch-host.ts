/** Counts what a page holds of its host: timers, and listeners to what happens to the page. */

export interface Held {
  /** Timers of a tenth of a second and more: shorter ones are how frameworks put off their work. */
  readonly timers: number
  readonly listeners: number
}

/** Runs in the page, before its scripts. There, `held()` tells what it counts. */
export function watchHost(): void {
  const pageEvents = ['online', 'offline', 'visibilitychange', 'freeze', 'resume', 'pagehide', 'pageshow']
  const timers = new Set<number>()
  const listeners = new Map(pageEvents.map((type) => [type, new Set<EventListener>()]))
  const { setTimeout, clearTimeout, addEventListener, removeEventListener } = window

  const watched = (callback: TimerHandler, ms?: number, ...values: unknown[]): number => {
    const run = () => {
      timers.delete(timer)
      if (typeof callback === 'function') callback(...values)
    }
    const timer: number = setTimeout(run, ms)
    if (ms !== undefined && ms >= 100) timers.add(timer)
    return timer
  }
  const clear = (timer?: number): void => {
    if (timer !== undefined) timers.delete(timer)
    clearTimeout(timer)
  }
  const listen = (type: string, listener: EventListener, options?: AddEventListenerOptions): void => {
    const { signal } = options ?? {}
    addEventListener(type, listener, options)
    if (signal?.aborted) return
    listeners.get(type)?.add(listener)
    signal?.addEventListener('abort', () => listeners.get(type)?.delete(listener))
  }
  const ignore = (type: string, listener: EventListener, options?: EventListenerOptions): void => {
    removeEventListener(type, listener, options)
    listeners.get(type)?.delete(listener)
  }
  const count = () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0)
  Object.assign(window, {
    setTimeout: watched,
    clearTimeout: clear,
    addEventListener: listen,
    removeEventListener: ignore,
    held: () => ({ timers: timers.size, listeners: count() }),
  })
}
