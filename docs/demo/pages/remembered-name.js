/** The visitor's name, the same on all pages that ask for one, and until there is one a name to begin with. */

const place = 'holdfast-demo-name'

// Where storage is switched off, reading and writing throw; the pages work without.
export function rememberedName() {
  try {
    return sessionStorage.getItem(place) || someName()
  } catch {
    return someName()
  }
}

export function rememberName(name) {
  try {
    sessionStorage.setItem(place, name)
  } catch {
    // Then it is typed again next time.
  }
}

function someName() {
  return `Guest ${Math.floor(Math.random() * 900) + 100}`
}

/** Calls back with each name that the form is given. */
export function askName(form, field, onName) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    field.value = field.value.replace(/\s+/g, ' ').trim()
    if (!field.reportValidity()) return
    rememberName(field.value)
    onName(field.value)
  })
}
