/** What a client hears, as values that a front end can follow: `import … from 'holdfast/store'`. */

export type { FoldOptions } from './fold.ts'
export { fold } from './fold.ts'
export type { HistoryOptions } from './history.ts'
export { history } from './history.ts'
export { latest } from './latest.ts'
export { stateStore } from './state-store.ts'
export type { Store } from './store.ts'
