import { createSignal, For, Match, Switch } from 'solid-js'
import { chat } from './create-chat'
import { OwnRoom } from './own-room'
import { Room } from './room'

export function App() {
  const [shown, show] = createSignal('shared')

  return (
    <main>
      <For each={['shared', 'own', 'none']}>
        {(name) => (
          <button type="button" onClick={() => show(name)}>
            {name}
          </button>
        )}
      </For>
      <Switch>
        <Match when={shown() === 'shared'}>
          <Room chat={chat} />
        </Match>
        <Match when={shown() === 'own'}>
          <OwnRoom />
        </Match>
      </Switch>
    </main>
  )
}
