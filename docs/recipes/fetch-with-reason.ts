import { RealtimeError } from 'holdfast'

/** A `fetch` for `fetchStream`: the `message` in the JSON of a 400 or 422 becomes the message of the error. */
export const fetchWithReason: typeof fetch = async (...request) => {
  const response = await fetch(...request)
  const { status } = response
  if (![400, 422].includes(status)) return response
  const { message } = Object(await response.json().catch(() => undefined))
  throw new RealtimeError('refused', message ?? undefined, { status })
}
