/** Who leads: the tab that holds the lock, which the browser takes from a tab that is closed or crashes. */

export interface Leadership {
  /** Takes the lock from whoever holds it. */
  steal(): void
  /** Lets go, or stops waiting. Idempotent. */
  release(): void
}

/** Waits in line. `lost` hears that another tab has stolen it, `forbidden` that the platform gives none. */
export function seekLeadership(
  locks: LockManager,
  name: string,
  granted: () => void,
  lost: () => void,
  forbidden: () => void,
): Leadership {
  let leave: (() => void) | undefined

  function request(steal?: true): void {
    const waiting = new AbortController()
    const { signal } = waiting
    /** Of a lock that was granted. */
    let give: (() => void) | undefined
    leave = () => {
      waiting.abort()
      give?.()
    }
    const hold = () =>
      new Promise<void>((resolve) => {
        // It was let go of while it was granted.
        if (signal.aborted) return resolve()
        give = resolve
        granted()
      })
    locks.request(name, steal ? { steal } : { signal }, hold).catch(() => {
      if (signal.aborted) return
      // One that was never granted: a sandboxed frame may have no locks.
      if (give) lost()
      else forbidden()
    })
  }

  request()
  return {
    steal() {
      leave?.()
      request(true)
    },
    release: () => leave?.(),
  }
}

/** How many tabs wait in line. */
export async function countWaiting(locks: LockManager, name: string): Promise<number> {
  const { pending = [] } = await locks.query()
  return pending.filter((lock) => lock.name === name).length
}
