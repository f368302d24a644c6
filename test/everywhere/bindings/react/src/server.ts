import './count-subscribers.ts'
import { createElement, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { App } from './app.tsx'

export function render(): { head: string; body: string } {
  return { head: '', body: renderToString(createElement(StrictMode, null, createElement(App))) }
}
