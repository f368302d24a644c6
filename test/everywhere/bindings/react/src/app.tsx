import { useState } from 'react'
import { chat } from './create-chat'
import { OwnRoom } from './own-room'
import { Room } from './room'

export function App() {
  const [shown, show] = useState('shared')

  return (
    <main>
      {['shared', 'own', 'none'].map((name) => (
        <button type="button" key={name} onClick={() => show(name)}>
          {name}
        </button>
      ))}
      {shown === 'shared' && <Room chat={chat} />}
      {shown === 'own' && <OwnRoom />}
    </main>
  )
}
