/** Everything a page with a script tag needs, as the global `Holdfast`. The testing kit is not for pages. */

export * from './cross-tab/index.ts'
export * from './index.ts'
export * from './store/index.ts'
