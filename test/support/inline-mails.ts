import type { InlineMessage } from './graph-simulator/index.ts'
import { readRealMail, realMailFiles } from './real-mails.ts'

/** Real mails for an inline tenant: so many for each of the folders, none of them twice. */
export function inlineMails(folders: readonly string[], each: number, skip = 0): readonly InlineMessage[] {
  const files = realMailFiles()
  return folders.flatMap((folder, place) =>
    Array.from({ length: each }, (_, index) => {
      // Spread over the corpus, so that old and new, plain and spam come together.
      const file = files[(skip + place * each + index) * 7]
      if (file === undefined) throw new Error('too few real mails')
      const mime = { base64: readRealMail(file).toString('base64') }
      return { folder, mime, isRead: false, isDraft: folder === 'drafts' }
    }),
  )
}
