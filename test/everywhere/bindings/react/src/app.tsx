import { useState } from 'react'
import { chat } from './create-chat.ts'
import { OwnRoom } from './own-room.tsx'
import { Room } from './room.tsx'

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
