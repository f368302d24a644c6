import './count-subscribers.ts'
import { generateHydrationScript, renderToString } from 'solid-js/web'
import { App } from './app.tsx'

export function render(): { head: string; body: string } {
  return { head: generateHydrationScript(), body: renderToString(App) }
}
