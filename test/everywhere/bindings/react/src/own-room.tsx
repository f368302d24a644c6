import { createChat } from './create-chat.ts'
import { useOwn } from './holdfast.ts'
import { Room } from './room.tsx'

export function OwnRoom() {
  const chat = useOwn(() => createChat('/own'))
  return <Room chat={chat} />
}
