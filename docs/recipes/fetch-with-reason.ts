import { RealtimeError } from 'holdfast'

/** A `fetch` for `fetchStream`: where the server says in JSON what is wrong with a request, that is the error's message. */
export const fetchWithReason: typeof fetch = async (...request) => {
  const response = await fetch(...request)
  const { status } = response
  if (![400, 422].includes(status)) return response
  const { message } = Object(await response.json().catch(() => undefined))
  throw new RealtimeError('refused', message ?? undefined, { status })
}
