// Imports one entry and compares the global object before and after. Throws where they differ, prints nothing.
// Node loads some globals when they are first looked at, which adds others: so it is looked at twice before the import.
Object.getOwnPropertyDescriptors(globalThis)
const before = Object.getOwnPropertyDescriptors(globalThis)
await import(process.argv[2])
const after = Object.getOwnPropertyDescriptors(globalThis)

const changed = Reflect.ownKeys(after).filter((key) => {
  const [old, now] = [before[key], after[key]]
  return old === undefined || !Object.is(old.value, now.value) || old.get !== now.get || old.set !== now.set
})
if (changed.length > 0) throw new Error(`the import changed globals: ${changed.map(String).join(', ')}`)
