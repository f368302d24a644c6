import './count-subscribers.ts'
import { hydrate, render } from 'solid-js/web'
import { App } from './app.tsx'
import { connectApp } from './connect-app.ts'

const root = document.querySelector('#app') as HTMLElement

if (root.firstElementChild) hydrate(App, root)
else render(App, root)
connectApp()
