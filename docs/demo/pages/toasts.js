/** Short messages in the corner that go away by themselves. What they say is in the list as well. */

const shownFor = 6000
const most = 3

export function createToasts(root) {
  return {
    show(title, text) {
      const toast = document.createElement('div')
      toast.className = 'toast'
      const heading = document.createElement('strong')
      heading.textContent = title
      const body = document.createElement('p')
      body.textContent = text
      toast.append(heading, body)

      root.append(toast)
      if (root.children.length > most) root.firstElementChild.remove()
      setTimeout(() => toast.remove(), shownFor)
    },
  }
}
