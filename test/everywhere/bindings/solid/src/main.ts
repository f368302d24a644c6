import './count-subscribers'
import { hydrate, render } from 'solid-js/web'
import { App } from './app'
import { connectApp } from './connect-app'

const root = document.querySelector('#app') as HTMLElement

if (root.firstElementChild) hydrate(App, root)
else render(App, root)
connectApp()
