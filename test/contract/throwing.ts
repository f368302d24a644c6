/** A constructor that throws, in place of the platform's. */
export function throwing<Constructor>(cause: unknown): Constructor {
  return class {
    constructor() {
      throw cause
    }
  } as Constructor
}
