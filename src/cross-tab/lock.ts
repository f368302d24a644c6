/** The lock that makes one tab the leader. Does not know what tabs say to each other. */

/**
 * Waits in line for the lock, which the browser takes from a tab that is closed or crashes; or takes it from whoever holds it (`steal`).
 * Calls `granted`, and `lost` where another tab takes the lock from this one; or `denied`, where there are no locks for this page.
 *
 * @returns what gives up the lock, or the place in the line for it. Idempotent; nothing is called after it.
 */
export function seekLock(
  locks: LockManager,
  name: string,
  granted: () => void,
  lost: () => void,
  denied: () => void,
  steal?: true,
): () => void {
  const seeking = new AbortController()
  const { signal } = seeking
  /** Gives back a lock that was granted. */
  let give: (() => void) | undefined

  locks
    .request(name, steal ? { steal } : { signal }, async () => {
      // Node grants a free lock while `request` is still running.
      await undefined
      // The lock was given up while it was being granted.
      if (signal.aborted) return
      granted()
      return new Promise<void>((resolve) => {
        give = resolve
      })
    })
    .catch(() => {
      if (!signal.aborted) (give ? lost : denied)()
    })

  return () => {
    seeking.abort()
    give?.()
  }
}
