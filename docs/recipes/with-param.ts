import type { Attempt, Provider } from 'holdfast'

/** A URL for `webSocket` with one more parameter in its query. `getValue`, and a `url` that is a function, run at every attempt. */
export function withParam(
  url: Provider<string | URL>,
  name: string,
  getValue: (attempt: Attempt) => string | Promise<string>,
) {
  return async (attempt: Attempt): Promise<string> => {
    const [address = ''] = `${typeof url === 'function' ? await url(attempt) : url}`.split('#')
    const param = new URLSearchParams({ [name]: await getValue(attempt) })
    // Joined as text, so that a relative URL stays relative, and a signed query stays as it was signed.
    return `${address}${address.includes('?') ? '&' : '?'}${param}`
  }
}
