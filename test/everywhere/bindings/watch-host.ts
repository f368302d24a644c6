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
  const listeners = new Set<object>()
  const { setTimeout, clearTimeout, addEventListener } = window

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
    if (!pageEvents.includes(type) || signal?.aborted) return
    const entry = {}
    listeners.add(entry)
    signal?.addEventListener('abort', () => listeners.delete(entry))
  }
  Object.assign(window, {
    setTimeout: watched,
    clearTimeout: clear,
    addEventListener: listen,
    held: () => ({ timers: timers.size, listeners: listeners.size }),
  })
}
