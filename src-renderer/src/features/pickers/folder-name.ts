import { texts } from '../../lib/texts/index.ts'

/** https://support.microsoft.com/office/restrictions-and-limitations-in-onedrive-and-sharepoint */
const forbidden = /["*:<>?/\\|]|^\s|^~\$|[\s.]$/

/** Why a folder of OneDrive or SharePoint cannot be called that, below the folders that are chosen. */
export function folderNameProblem(name: string, below: readonly string[]): string | undefined {
  const words = texts.pickers.place
  if (name.trim() === '') return below.length === 0 ? words.needsFolder : undefined
  return forbidden.test(name.trim()) ? words.cannotUse : undefined
}
