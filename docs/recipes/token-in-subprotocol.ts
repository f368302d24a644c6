import { type Attempt, type DuplexTransport, type Provider, webSocket } from 'holdfast'

/** A WebSocket that offers two subprotocols: the one to speak, which the server chooses, and the token, which it only reads. */
export function tokenInSubprotocol(
  url: Provider<string | URL>,
  getToken: (attempt: Attempt) => Promise<string>,
): DuplexTransport {
  return webSocket(url, {
    protocols: async (attempt) => ['live.v1', `bearer.${base64url(await getToken(attempt))}`],
  })
}

/** Writes any text with the characters that a subprotocol may have. */
function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
