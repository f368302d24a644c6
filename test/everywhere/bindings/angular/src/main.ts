import './count-subscribers.ts'
import { bootstrapApplication } from '@angular/platform-browser'
import { App } from './app.ts'
import { connectApp } from './connect-app.ts'

document.querySelector('#app')?.append(document.createElement('chat-app'))
await bootstrapApplication(App)
connectApp()
