import './count-subscribers'
import { bootstrapApplication } from '@angular/platform-browser'
import { App } from './app'
import { connectApp } from './connect-app'

document.querySelector('#app')?.append(document.createElement('chat-app'))
await bootstrapApplication(App)
connectApp()
