import { createChat } from './create-chat'
import { useOwn } from './holdfast'
import { Room } from './room'

export function OwnRoom() {
  const chat = useOwn(() => createChat('/own'))
  return <Room chat={chat} />
}
