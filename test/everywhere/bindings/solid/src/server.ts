import './count-subscribers'
import { generateHydrationScript, renderToString } from 'solid-js/web'
import { App } from './app'

export function render(): { head: string; body: string } {
  return { head: generateHydrationScript(), body: renderToString(App) }
}
