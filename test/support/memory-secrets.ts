import type { SecretStore } from '../../src-main/engine/ports/secret-store.ts'

/** A SecretStore that forgets at the end; for tests of what uses one. */
export function memorySecrets(): SecretStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    get: (name) => Promise.resolve(kept.get(name)),
    set: (name, value) => {
      kept.set(name, value)
      return Promise.resolve()
    },
    delete: (name) => Promise.resolve(kept.delete(name)),
    list: (prefix) => Promise.resolve([...kept.keys()].filter((name) => name.startsWith(prefix)).sort()),
  }
}
