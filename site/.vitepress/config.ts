import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { makeSidebar } from '../sidebar.ts'
import { slugOf } from '../slug.ts'

const site = join(import.meta.dirname, '..')
const staged = join(site, '..', '.tmp', 'site')
const paths = globSync('**/*.md', { cwd: staged }).sort()
const pages = new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(staged, path), 'utf8')]))

export default defineConfig({
  title: 'holdfast',
  description: 'Realtime connections in the browser that hold: one typed client over WebSocket and Server-Sent Events.',
  lang: 'en',
  srcDir: staged,
  outDir: join(site, 'dist'),
  cacheDir: join(site, '..', '.tmp', 'site-cache'),
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { anchor: { slugify: slugOf }, theme: { light: 'github-light-high-contrast', dark: 'github-dark' } },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Quick start', link: '/guides/quick-start' },
      { text: 'Guides', link: '/guides/choosing' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: [...makeSidebar(pages)] as never,
  },
})
