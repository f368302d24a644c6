/** Draws where the others are in a text: repeats its letters, invisible, with the others' carets and selections among them. */

export function showCarets(root, text, people) {
  const placed = people
    .filter(({ selection }) => selection)
    .map(({ selection, ...person }) => ({
      ...person,
      start: Math.min(selection.start, text.length),
      end: Math.min(selection.end, text.length),
    }))
  const cuts = [...new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b)

  const nodes = cuts.flatMap((from, index) => {
    const carets = placed.filter(({ end }) => end === from).map(createCaret)
    const to = cuts[index + 1]
    if (to === undefined) return carets
    const owner = placed.find(({ start, end }) => start <= from && end >= to)
    const letters = text.slice(from, to)
    return [...carets, owner ? createSelected(owner, letters) : document.createTextNode(letters)]
  })
  root.replaceChildren(...nodes)

  const { right } = root.getBoundingClientRect()
  for (const caret of root.querySelectorAll('.caret'))
    caret.classList.toggle('late', caret.getBoundingClientRect().left > right - 120)
}

function createCaret({ name, colour }) {
  const caret = document.createElement('span')
  caret.className = 'caret'
  caret.dataset.name = name
  caret.style.setProperty('--person', `var(--person-${colour})`)
  return caret
}

function createSelected({ colour }, letters) {
  const selected = document.createElement('span')
  selected.className = 'selected'
  selected.style.setProperty('--person', `var(--person-${colour})`)
  selected.textContent = letters
  return selected
}
