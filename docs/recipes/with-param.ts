import type { Attempt, Provider } from 'holdfast'

/** A URL with one more parameter in its query, for `webSocket`. Both are asked for at every attempt. */
export function withParam(
  url: Provider<string | URL>,
  name: string,
  getValue: (attempt: Attempt) => string | Promise<string>,
) {
  return async (attempt: Attempt): Promise<string> => {
    const [address = ''] = `${typeof url === 'function' ? await url(attempt) : url}`.split('#')
    const param = new URLSearchParams({ [name]: await getValue(attempt) })
    // As text: a relative URL stays one, and a query that is signed stays as it was.
    return `${address}${address.includes('?') ? '&' : '?'}${param}`
  }
}
