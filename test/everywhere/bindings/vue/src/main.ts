import './count-subscribers.ts'
import { createApp, createSSRApp } from 'vue'
import App from './App.vue'
import { connectApp } from './connect-app.ts'

const root = document.querySelector('#app') as HTMLElement

if (root.firstElementChild) createSSRApp(App).mount(root)
else createApp(App).mount(root)
connectApp()
