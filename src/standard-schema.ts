/**
 * What Zod, Valibot, ArkType and others have in common: https://standardschema.dev. Types only, and a copy as its
 * authors suggest, so that the declarations need no package.
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  /** The whole of a schema, as far as others are concerned: https://standardschema.dev */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    /** Gives a `StandardResult`, or a promise of one. */
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** `issues` where the value does not fit, and otherwise the value, which may have been transformed. */
export interface StandardResult {
  readonly value?: unknown
  readonly issues?: readonly unknown[] | undefined
}
