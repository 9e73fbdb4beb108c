import { call } from '../../lib/api.ts'
import { failureSentence } from '../../lib/failure-sentence.ts'
import { texts } from '../../lib/texts/index.ts'
import { showToast } from '../../ui/toasts.svelte.ts'

/** An item of a snapshot. */
export interface SavedItem {
  readonly place: string
  readonly snapshot: string
  readonly path: string
}

/** Lets a person save a part of an item, or with '' its content, and says what became of it. */
export async function savePart(item: SavedItem, part: string, name: string): Promise<void> {
  const { place, snapshot, path } = item
  try {
    const saved = await call('browse.savePart', { place, snapshot, path, part })
    if (saved.path === null) return
    const open = { path: saved.path }
    showToast({
      tone: 'good',
      title: texts.preview.saved(name),
      action: { label: texts.preview.openFolder, onselect: () => void show(open) },
    })
  } catch (cause) {
    showToast({ tone: 'error', title: texts.preview.saveFailed(name), text: failureSentence(cause) })
  }
}

async function show(file: { readonly path: string }): Promise<void> {
  try {
    await call('app.showInFolder', file)
  } catch (cause) {
    showToast({ tone: 'error', title: texts.preview.openFolderFailed, text: failureSentence(cause) })
  }
}
