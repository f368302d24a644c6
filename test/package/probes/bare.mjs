// Evaluates one file of the package, with what it imports, where there is nothing but the language itself.
import { readFile } from 'node:fs/promises'
import { createContext, SourceTextModule } from 'node:vm'

const context = createContext({})
const modules = new Map()

async function load(url) {
  const known = modules.get(url.href)
  if (known) return known

  const module = new SourceTextModule(await readFile(url, 'utf8'), { context, identifier: url.href })
  modules.set(url.href, module)
  return module
}

const entry = await load(new URL(import.meta.resolve(process.argv[2])))
await entry.link((specifier, { identifier }) => load(new URL(specifier, identifier)))
await entry.evaluate()
if (Reflect.ownKeys(context).length > 0) throw new Error(`the import added ${Reflect.ownKeys(context).join(', ')}`)
