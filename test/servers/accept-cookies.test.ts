import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { acceptCookies } from '../../docs/recipes/server/accept-cookies.ts'
import { startLiveServer } from './live-server.ts'

const origin = 'https://shop.example'

test.each(['s%3AaB1.c+/=', 'eyJh.e-y_J', '"1 2"'])(
  'the session %s is read whole, from among other cookies',
  async (session) => {
    const { dial, sessions } = await givenCookies()
    await dial(`session=old; not__Host-session=other; __Host-session=${session}; theme=dark`)

    expect(sessions).toEqual([session])
  },
)

test.each(['session=old', '__Host-session=', 'not__Host-session=other'])('in %s there is none', async (cookie) => {
  const { dial, sessions } = await givenCookies()
  await dial(cookie)

  expect(sessions).toEqual([''])
})

/** A server with the recipe, which lets everybody in, and all sessions that it was asked about. */
async function givenCookies() {
  const sessions: string[] = []
  const server = await startLiveServer((http, { welcome }) => {
    acceptCookies(http, new Set([origin]), (session) => String(sessions.push(session)), welcome)
  })
  const dial = (cookie: string) => {
    const socket = new WebSocket(server.url, { origin, headers: { cookie } })
    onTestFinished(() => socket.terminate())
    // Its welcome.
    return once(socket, 'message')
  }
  return { dial, sessions }
}
