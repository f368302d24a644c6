/** Bytes, for codecs and whoever counts them. */

/** What counts as bytes, in every realm: `instanceof ArrayBuffer` is false for a buffer from another frame. */
export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return (value as Partial<ArrayBuffer> | null | undefined)?.byteLength !== undefined
}

/** A copy on memory of its own, which is neither shared nor resizable. */
export function copyBytes(bytes: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  const { buffer = bytes, byteOffset, byteLength } = bytes as ArrayBufferView<ArrayBuffer>
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice()
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
