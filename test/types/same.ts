/** Exactly the same type, `any`, `readonly` and `?` included. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Does not compile unless it is so. */
export const isTrue = <T extends true>(): T | undefined => undefined
