import './count-subscribers'
import './app'
import { connectApp } from './connect-app'

document.querySelector('#app')?.append(document.createElement('chat-app'))
connectApp()
