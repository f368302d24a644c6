import './count-subscribers'
import { render as renderApp } from 'svelte/server'
import App from './App.svelte'

export function render(): { head: string; body: string } {
  const { head, body } = renderApp(App)
  return { head, body }
}
