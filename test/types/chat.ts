/** The events of a chat, as an application would write them down. */
export interface ChatEvents {
  message: { readonly from: string; readonly text: string }
  typing: string
  cleared: undefined
}

// A `type` does as well as an `interface`.
export type ChatCommands = {
  say: { text: string }
  leave: undefined
  nudge: number | undefined
}
