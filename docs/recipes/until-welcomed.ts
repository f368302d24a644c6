import type { Handshake } from 'holdfast'

/** A handshake that waits for the server's `welcome`: until then the link is not open, and what you send waits. */
export async function untilWelcomed({ next }: Handshake): Promise<void> {
  await next('welcome')
}
