/** For a contender that takes a page for granted: it is bundled with these in place of the globals of a page. */
export const window = globalThis
export const document = { removeEventListener() {} }
