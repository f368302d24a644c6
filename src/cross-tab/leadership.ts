/** Who leads: the tab that holds the lock, which the browser takes from a tab that is closed or crashes. */

export interface Leadership {
  /** Takes the lock from whoever holds it. */
  steal(): void
  /** Lets go, or stops waiting. Idempotent. */
  release(): void
}

/** Waits in line. `lost` hears that another tab has stolen it. Where the platform forbids locks, it is granted all the same. */
export function seekLeadership(locks: LockManager, name: string, granted: () => void, lost: () => void): Leadership {
  let leave: (() => void) | undefined

  function request(steal?: true): void {
    const waiting = new AbortController()
    let isOver = false
    let isMine = false
    let give = (): void => waiting.abort()
    leave = () => {
      isOver = true
      give()
    }
    const hold = () =>
      new Promise<void>((resolve) => {
        give = resolve
        // It was let go of while it was granted.
        if (isOver) return resolve()
        isMine = true
        granted()
      })
    locks.request(name, steal ? { steal } : { signal: waiting.signal }, hold).catch(() => {
      if (isOver) return
      isOver = true
      // One that was never granted: a sandboxed frame may have no locks.
      if (isMine) lost()
      else granted()
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
