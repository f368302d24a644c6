import './count-subscribers'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import App from './App.vue'

export async function render(): Promise<{ head: string; body: string }> {
  return { head: '', body: await renderToString(createSSRApp(App)) }
}
