import './count-subscribers.ts'
import './app.ts'
import { connectApp } from './connect-app.ts'

document.querySelector('#app')?.append(document.createElement('chat-app'))
connectApp()
