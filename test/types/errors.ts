/** Errors and their codes. */
import type { ErrorCode } from 'holdfast'
import { isRealtimeError, RealtimeError } from 'holdfast'
import type { Same, Shape } from './same.ts'
import { isTrue } from './same.ts'

/** Every code, once: one more or one less would be an error here. */
export const codes: Readonly<Record<ErrorCode, true>> = {
  unreachable: true,
  timeout: true,
  silent: true,
  lost: true,
  ended: true,
  refused: true,
  unauthorized: true,
  'not-a-stream': true,
  insecure: true,
  'invalid-config': true,
  unsupported: true,
  decode: true,
  invalid: true,
  'too-large': true,
  'queue-full': true,
  'not-open': true,
  'receive-only': true,
  listener: true,
  expired: true,
  aborted: true,
}

export function errorsAreTyped(thrown: unknown): void {
  if (isRealtimeError(thrown)) isTrue<Same<typeof thrown, RealtimeError>>()

  const error = new RealtimeError('lost', 'gone', {
    retryable: true,
    status: 503,
    closeCode: 1006,
    closeReason: '',
    wasClean: false,
    retryAfter: 1000,
    hint: 'look at the proxy',
    cause: thrown,
  })
  const same: Error = error
  isTrue<Same<typeof error.name, 'RealtimeError'>>()
  isTrue<Same<typeof error.code, ErrorCode>>()
  isTrue<Same<typeof error.retryable, boolean>>()
  const status: number | undefined = error.status
  const closeCode: number | undefined = error.closeCode
  const closeReason: string | undefined = error.closeReason
  const wasClean: boolean | undefined = error.wasClean
  const retryAfter: number | undefined = error.retryAfter
  const hint: string | undefined = error.hint
  new RealtimeError('unauthorized')
  new RealtimeError('unauthorized', `${same}${status}${closeCode}${closeReason}${wasClean}${retryAfter}${hint}`)

  // @ts-expect-error no such code
  new RealtimeError('oops')
  // @ts-expect-error a status is a number
  new RealtimeError('refused', 'no', { status: '403' })
  // @ts-expect-error no such detail
  new RealtimeError('refused', 'no', { statusText: 'Forbidden' })
  // @ts-expect-error an error is read-only
  error.code = 'ended'
  // @ts-expect-error no such code to compare with
  if (error.code === 'oops') throw error
}

/** A `switch` over all codes needs no default, and one over fewer is noticed. */
export function switchesAreExhaustive(code: ErrorCode): string {
  switch (code) {
    case 'unreachable':
    case 'timeout':
    case 'silent':
    case 'lost':
      return 'goes on by itself'
    case 'ended':
    case 'refused':
    case 'unauthorized':
    case 'not-a-stream':
    case 'insecure':
    case 'invalid-config':
    case 'unsupported':
    case 'too-large':
      return 'closes'
    case 'decode':
    case 'invalid':
    case 'listener':
    case 'expired':
    case 'aborted':
      return 'costs no link'
    case 'queue-full':
    case 'not-open':
    case 'receive-only':
      return code
  }
}

// @ts-expect-error all but two codes are missing
export function noticed(code: ErrorCode): string {
  switch (code) {
    case 'lost':
    case 'ended':
      return code
  }
}

export function errorsAreExact(): void {
  isTrue<
    Same<
      Pick<RealtimeError, 'name' | 'code' | 'retryable' | 'status' | 'closeCode' | 'closeReason' | 'wasClean'>,
      {
        readonly name: 'RealtimeError'
        readonly code: ErrorCode
        readonly retryable: boolean
        readonly status?: number
        readonly closeCode?: number
        readonly closeReason?: string
        readonly wasClean?: boolean
      }
    >
  >()
  isTrue<Same<Pick<RealtimeError, 'retryAfter' | 'hint'>, { readonly retryAfter?: number; readonly hint?: string }>>()
  isTrue<Same<typeof isRealtimeError, (value: unknown) => value is RealtimeError>>()
}

export function detailsAreExact(): void {
  type Details = NonNullable<ConstructorParameters<typeof RealtimeError>[2]>
  isTrue<
    Same<
      Shape<
        Details,
        'retryable' | 'status' | 'closeCode' | 'closeReason' | 'wasClean' | 'retryAfter' | 'hint' | 'cause'
      >,
      {
        readonly retryable?: 0
        readonly status?: 0
        readonly closeCode?: 0
        readonly closeReason?: 0
        readonly wasClean?: 0
        readonly retryAfter?: 0
        readonly hint?: 0
        readonly cause?: 0
      }
    >
  >()
  isTrue<Same<Details['cause'], unknown>>()
}

export function errorsAreMade(cause: unknown, other: RealtimeError): readonly RealtimeError[] {
  // @ts-expect-error a code is needed
  const codeless = new RealtimeError()
  // @ts-expect-error a message is text
  const wordless = new RealtimeError('lost', 1)
  // @ts-expect-error a switch is no text
  const unclear = new RealtimeError('lost', '', { wasClean: 'yes' })
  // @ts-expect-error the code is the first argument
  const twice = new RealtimeError('lost', '', { code: 'lost' })
  return [
    new RealtimeError('lost', undefined, {}),
    new RealtimeError('lost', 'gone', { cause }),
    new RealtimeError('lost', 'gone', { cause: other }),
    codeless,
    wordless,
    unclear,
    twice,
  ]
}

export function errorsAreRecognized(thrown: unknown): string {
  // @ts-expect-error nobody knows yet what was thrown
  const early: string = thrown.code
  if (isRealtimeError(thrown)) return `${early} ${thrown.code} ${thrown.message} ${thrown.stack} ${thrown.cause}`
  return 'not ours'
}
