import './count-subscribers'
import { hydrate, mount } from 'svelte'
import App from './App.svelte'
import { connectApp } from './connect-app'

const target = document.querySelector('#app') as HTMLElement

if (target.firstElementChild) hydrate(App, { target })
else mount(App, { target })
connectApp()
