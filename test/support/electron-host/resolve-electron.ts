import { registerHooks } from 'node:module'

const bare = 'electron'

/** From now on `electron` is the module at `url`, for `import` and for `require`, by name and as a whole. */
export function resolveElectron(url: URL): void {
  const address = `${url.href}?electron`
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === bare || specifier.startsWith(`${bare}/`)
        ? { url: address, format: 'module', shortCircuit: true }
        : next(specifier, context),
    load: (loaded, context, next) =>
      loaded === address
        ? { format: 'module', source: wholeModule(url.href), shortCircuit: true }
        : next(loaded, context),
  })
}

/** Electron has a default export too, that holds everything. */
function wholeModule(url: string): string {
  const from = JSON.stringify(url)
  return `import * as electron from ${from}; export * from ${from}; export default electron`
}
