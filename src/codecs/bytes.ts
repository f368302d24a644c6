/** Bytes, for codecs and whoever counts them. */

/** What counts as bytes, in every realm: `instanceof ArrayBuffer` is false for a buffer of another frame's. */
export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return (value as Partial<ArrayBuffer> | null | undefined)?.byteLength !== undefined
}

/** On memory of its own, which is not shared and keeps its size. */
export function copyBytes(bytes: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  const { buffer = bytes, byteOffset, byteLength } = bytes as ArrayBufferView<ArrayBuffer>
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice()
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
