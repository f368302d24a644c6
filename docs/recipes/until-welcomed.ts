import type { Handshake } from 'holdfast'

/** A handshake that keeps everything back until the server says that it has let this link in. */
export async function untilWelcomed({ next }: Handshake): Promise<void> {
  await next('welcome')
}
