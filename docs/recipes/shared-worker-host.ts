import type { DuplexClient } from 'holdfast'
import type { ToTab, ToWorker } from './shared-worker-messages.ts'

/** The worker's half: one client for all tabs. Returns a function that takes the port of each new tab. */
export function sharedWorkerHost(client: DuplexClient): (port: MessagePort) => void {
  const tabs = new Map<string, MessagePort>()
  const newest = new Map<string, ToTab>()
  const tell = (message: ToTab) => {
    if (message[0] === 'event') newest.set(message[1], message)
    for (const port of tabs.values()) port.postMessage(message)
  }
  client.onState(({ status }) => tell(['state', status]))
  client.onError(({ code }) => tell(['error', code]))
  client.onAny((data, { event }) => tell(['event', event, data]))
  const join = (port: MessagePort, lock: string) => {
    tabs.set(lock, port)
    for (const message of [['state', client.state.status], ...newest.values()]) port.postMessage(message)
    // A port does not say when its tab is gone. But then the tab's lock is free, and granted here.
    navigator.locks.request(lock, () => void tabs.delete(lock))
    client.connect()
  }
  const send = async (name: string, data: unknown) => client.send(name, data)
  return (port) => {
    port.onmessage = ({ data: [kind, name, data] }: MessageEvent<ToWorker>) => {
      if (kind === 'join') join(port, name)
      else send(name, data).catch(({ code }) => port.postMessage(['error', code]))
    }
  }
}
