/**
 * What the pages have in common, put in where a page says so: `<!-- head -->` is what all heads share, `<!-- menu -->` the menu, and
 * `<!-- cards -->` a card for each page. The server puts it in, not a script, so that it is there at once, and without scripts too.
 */
import { readFile } from 'node:fs/promises'
import type { RequestHandler } from 'express'
import { gallery } from './gallery.ts'

const imports = {
  holdfast: '/dist/index.js',
  'holdfast/sse': '/dist/sse.js',
  'holdfast/cross-tab': '/dist/cross-tab.js',
  'holdfast/store': '/dist/store.js',
}

const anchorIcon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230a6c5e'/%3E%3Cpath d='M16 5v14M16 11c-4 0-6-2-6-5M16 11c4 0 6-2 6-5M16 19c-5 0-8 3-9 7M16 19c5 0 8 3 9 7M16 19v7' fill='none' stroke='%23fff' stroke-width='2.5' stroke-linecap='round'/%3E%3C/svg%3E"

const head = `<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="${anchorIcon}" />
    <link rel="stylesheet" href="demo.css" />
    <script type="importmap">
      ${JSON.stringify({ imports })}
    </script>`

/** Serves the page of this name from the folder. Where there is none, the request goes to the next handler. */
export function servePage(folder: string): RequestHandler<{ readonly name?: string }> {
  return async ({ params: { name = 'index' } }, response, next) => {
    const file = `${name}.html`
    const source = /^[a-z-]+$/.test(name) ? await readPage(folder, file) : undefined
    if (source === undefined) return next()

    response.type('html').send(fillIn(source, file))
  }
}

async function readPage(folder: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(`${folder}${file}`, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function fillIn(source: string, file: string): string {
  return source
    .replace('<!-- head -->', () => head)
    .replace('<!-- menu -->', () => menuOf(file))
    .replace('<!-- cards -->', cardsOf)
}

/** In a narrow window the list is a popover, which needs no script; in a wide one it is a plain list of links. */
function menuOf(file: string): string {
  const current = (other: string) => (other === file ? ' aria-current="page"' : '')
  const links = gallery.map((page) => `<li><a href="${page.file}"${current(page.file)}>${page.name}</a></li>`)
  return `<header class="site">
      <nav aria-label="Demo">
        <a class="home" href="index.html"${current('index.html')}>holdfast</a>
        <button type="button" class="menu" popovertarget="pages">Pages</button>
        <ul id="pages" popover>
          ${links.join('\n          ')}
        </ul>
      </nav>
    </header>`
}

function cardsOf(): string {
  const cards = gallery.map(
    ({ file, name, about, over }) => `<li>
          <h2><a href="${file}">${name}</a></h2>
          <p>${about}</p>
          <p class="over">${over}</p>
        </li>`,
  )
  return `<ul class="cards">
        ${cards.join('\n        ')}
      </ul>`
}
