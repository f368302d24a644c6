import './count-subscribers'
import { createElement, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { App } from './app'

export function render(): { head: string; body: string } {
  return { head: '', body: renderToString(createElement(StrictMode, null, createElement(App))) }
}
