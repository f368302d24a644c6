/** Exactly the same type, `any`, `readonly` and `?` included. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Which of these members may be written, and which left out: for options of which an implementation may take more. */
export type Shape<T, Member extends keyof T> = { [K in keyof Pick<T, Member>]: 0 }

/** Does not compile unless it is so. */
export const isTrue = <T extends true>(): T | undefined => undefined
