/** The package is ESM: what every compiler lets a CommonJS module have is `import()`. */
async function load(): Promise<boolean> {
  const { createClient, webSocket } = await import('holdfast')
  return createClient(webSocket('/live')).state.status === 'idle'
}

export = load
