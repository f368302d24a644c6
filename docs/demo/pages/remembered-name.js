/** The visitor's name, the same on all pages that ask for one. */

const storageKey = 'holdfast-demo-name'

// Where storage is switched off, reading and writing throw; the pages work without.
export function rememberedName(otherwise = someName()) {
  try {
    return sessionStorage.getItem(storageKey) || otherwise
  } catch {
    return otherwise
  }
}

function rememberName(name) {
  try {
    sessionStorage.setItem(storageKey, name)
  } catch {
    // Then the visitor types it again next time.
  }
}

function someName() {
  return `Guest ${Math.floor(Math.random() * 900) + 100}`
}

/** Remembers the name in this field and returns it. Without a name it returns `undefined`, and the browser says so beside the field. */
export function takeName(field) {
  field.value = field.value.replace(/\s+/g, ' ').trim()
  if (!field.reportValidity()) return undefined

  rememberName(field.value)
  return field.value
}

/** Calls back with each name that the form is given. */
export function askName(form, field, onName) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const name = takeName(field)
    if (name !== undefined) onName(name)
  })
}
