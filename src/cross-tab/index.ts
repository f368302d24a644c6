/** One real link for all tabs: `import { crossTab } from 'holdfast/cross-tab'`. */

export type { CrossTabOptions } from './cross-tab.ts'
export { crossTab } from './cross-tab.ts'
