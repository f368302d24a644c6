// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://app.example/shop/cart?x=1" }
import { afterEach, expect, test } from 'vitest'
import { platform } from '../src/environment.ts'

afterEach(() => {
  document.head.innerHTML = ''
})

test('[TR7] in a page its URL is the base, and https is secure', () => {
  expect(platform.origin()).toEqual({ base: 'https://app.example/shop/cart?x=1', secure: true })
})

test('[TR7] in a page with a base element that is the base', () => {
  document.head.innerHTML = '<base href="https://cdn.example/assets/">'

  expect(platform.origin()).toEqual({ base: 'https://cdn.example/assets/', secure: true })
})
