import './count-subscribers'
import { createElement, StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { App } from './app'
import { connectApp } from './connect-app'

const root = document.querySelector('#app') as HTMLElement
const app = createElement(StrictMode, null, createElement(App))

if (root.firstElementChild) hydrateRoot(root, app)
else createRoot(root).render(app)
connectApp()
