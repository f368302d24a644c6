/** The process in the client's namespace that runs clients of the built package in Node, over Node's own WebSocket. */
import type { ClientHandle, ClientPlan, Holdfast } from './client.ts'
import { startClient } from './client.ts'
import { respond } from './questions.ts'

const holdfast: Holdfast = await import(new URL('../../dist/index.js', import.meta.url).href)
const clients = new Map<string, ClientHandle>()

respond({
  start: (id: string, plan: ClientPlan) => void clients.set(id, startClient(holdfast, plan)),
  call: (id: string, method: keyof ClientHandle, ...args: [never]) => clients.get(id)?.[method](...args),
})
