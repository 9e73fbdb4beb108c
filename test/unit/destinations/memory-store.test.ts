import { createMemoryStore } from '../../support/memory-store.ts'
import { describeDestination } from '../../support/destination-conformance.ts'

describeDestination('memory', async () => {
  const store = createMemoryStore()
  return { store, reopen: () => createMemoryStore(store.files), dispose: async () => undefined }
})
