import type { Attempt } from 'holdfast'

/** Keeps a token until a server refuses it. A fetch that fails leaves nothing behind, so that the next attempt asks again. */
export function tokenUntilRefused(fetchToken: (signal: AbortSignal) => Promise<string>) {
  let token: string | undefined

  return async ({ error, signal }: Attempt): Promise<string> => {
    if (error?.code === 'unauthorized') token = undefined
    token ??= await fetchToken(signal)
    return token
  }
}
