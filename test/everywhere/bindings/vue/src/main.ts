import './count-subscribers'
import { createApp, createSSRApp } from 'vue'
import App from './App.vue'
import { connectApp } from './connect-app'

const root = document.querySelector('#app') as HTMLElement

if (root.firstElementChild) createSSRApp(App).mount(root)
else createApp(App).mount(root)
connectApp()
