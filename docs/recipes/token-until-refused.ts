import type { Attempt } from 'holdfast'

/** Keeps a token until a server refuses it. Where fetching a new one fails there is none, so the next attempt fetches again. */
export function tokenUntilRefused(fetchToken: (signal: AbortSignal) => Promise<string>) {
  let token: string | undefined

  return async ({ error, signal }: Attempt): Promise<string> => {
    if (error?.code === 'unauthorized') token = undefined
    token ??= await fetchToken(signal)
    return token
  }
}
