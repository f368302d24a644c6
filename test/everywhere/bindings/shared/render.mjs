// Renders the app as a server does, and prints what came of it. Ends by itself if nothing is left that keeps a process alive.
for (const name of ['WebSocket', 'EventSource', 'BroadcastChannel', 'fetch', 'navigator']) {
  Object.defineProperty(globalThis, name, {
    get() {
      throw new Error(`rendering asked for ${name}`)
    },
  })
}

const { render } = await import('./out/server/server.js')
const { head, body } = await render()
console.log(JSON.stringify({ head, body, subscribers: globalThis.countSubscribers() }))
