/** Bytes, for codecs and whoever counts them. */

/** What counts as bytes, in every realm: `instanceof ArrayBuffer` is false for a buffer of another frame's. */
export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return (value as Partial<ArrayBuffer> | null | undefined)?.byteLength !== undefined
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
