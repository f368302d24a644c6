/** The part that is used of what only pages have: https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface */
interface Storage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}
