/** Makes the number of those who follow the app's stores visible to the tests. */
import { chat } from './create-chat'

let subscribers = 0

for (const store of [chat.connection, chat.last, chat.messages, chat.letters]) {
  const { subscribe } = store
  store.subscribe = (listener) => {
    subscribers += 1
    const stop = subscribe(listener)
    let isFollowing = true
    return () => {
      if (isFollowing) subscribers -= 1
      isFollowing = false
      stop()
    }
  }
}

export const countSubscribers = (): number => subscribers
Object.assign(globalThis, { countSubscribers })
