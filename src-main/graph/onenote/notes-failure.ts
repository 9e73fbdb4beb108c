import { EngineError, isEngineError } from '../../engine/model/errors.ts'

/**
 * OneNote's error numbers in words, as far as they say more than the status does.
 * https://learn.microsoft.com/graph/onenote-error-codes
 */
const words: Readonly<Record<string, string>> = {
  '10004': 'OneNote section has a password',
  '10006': 'OneNote section is corrupt',
  '10008': 'more than 5,000 OneNote items in one library',
  '10012': 'OneNote library requires check-out',
  '10013': 'more than 20,000 items in one library',
  '10016': 'too many security scopes in one library',
  '20001': 'OneNote page without presentation',
  '20002': 'OneNote page with two presentations',
  '20008': 'OneNote request too large',
  '20011': 'OneNote request malformed',
  '20014': 'OneNote part larger than 25 MB',
  '20015': 'OneNote request with too many parts',
  '20102': 'OneNote has no such thing',
  '20113': 'OneNote item was deleted',
  '20115': 'OneNote takes no such name',
  '20117': 'OneNote has something of that name',
  '20153': 'OneNote takes no such name',
  '20155': 'OneNote name too long',
  '20266': 'too many OneNote sections',
  '30101': 'OneDrive quota exceeded',
  '30102': 'OneNote section is full',
  '30103': 'OneNote is overloaded by this account',
  '30104': 'OneDrive account is suspended',
  '30105': 'OneDrive is not set up',
  '30106': 'OneDrive is being set up',
  '30108': 'no OneDrive for the notebooks',
}

/** OneNote takes no token of an application on its own since 2025-03-31, and says so by one of these, with 401 or 403. */
const notForApps = new Set(['40001', '20150', '20151'])

/** A user without OneDrive has no place for notebooks. */
const nowhere = new Set(['30105', '30108'])

/** What concerns the section or the page alone, whatever status it comes with. */
const settled = new Set(['10004', '10006', '30102'])

/** What OneNote failed with, in words and with the code that fits; anything else as it is. */
export function notesFailure(error: unknown): unknown {
  if (!isEngineError(error)) return error
  const number = String(error.context.graphCode ?? '')
  const { status, ...context } = error.context
  const cause = { cause: error }
  if (notForApps.has(number) && (status === 401 || status === 403)) {
    return new EngineError('graph.not-for-app-only', { ...cause, context: error.context })
  }
  const name = words[number]
  if (name === undefined) return error
  const named = { ...error.context, graphCode: name }
  if (nowhere.has(number)) return new EngineError('graph.no-drive', { ...cause, context: named })
  // Without the status: a full section comes with 507, and does not mean that there is no room anywhere.
  if (settled.has(number))
    return new EngineError('graph.request-refused', { ...cause, context: { ...context, graphCode: name } })
  return new EngineError(error.code, { ...cause, retry: error.retry, context: named })
}
