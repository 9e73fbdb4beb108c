import type { ByRootKind, DataTypeReader, ItemDescriber, RootKind } from '../../engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../../engine/ports/restore-target.ts'
import type { TypePermissions } from '../../graph/item/permissions.ts'
import type { DataType, ReaderParts, RestoreParts } from './data-type.ts'
import { groupDataTypes } from './group-types.ts'
import { siteDataTypes } from './site-types.ts'
import { withoutRepository } from './own-repository.ts'
import type { IncludedTypes } from './source-options.ts'
import { UsageError } from './usage-error.ts'
import { userDataTypes } from './user-types.ts'

const dataTypes: ByRootKind<DataType> = { user: userDataTypes, group: groupDataTypes, site: siteDataTypes }

export const describers: ByRootKind<ItemDescriber> = ofEachKind((types) => types.map(({ describer }) => describer))

/** Data types by their folders in the snapshot's layout. */
export function readersOf(types: ByRootKind<string>, parts: ReaderParts): ByRootKind<DataTypeReader> {
  return ofEachKind((all, kind) =>
    all.filter(({ describer }) => types[kind].includes(describer.folder)).map((type) => readerOf(type, parts)),
  )
}

function readerOf({ describer, reader }: DataType, parts: ReaderParts): DataTypeReader {
  const { repository } = parts
  const isOfDrives = describer.layout === 'apart'
  return repository === undefined || !isOfDrives ? reader(parts) : withoutRepository(reader(parts), repository)
}

export function restorersOf(kind: RootKind, parts: RestoreParts): readonly DataTypeRestorer[] {
  return dataTypes[kind].map(({ restorer }) => restorer(parts))
}

/** What data types of a kind of root need, by what people call them; `folders` in the snapshot's layout. */
export function permissionsOf(
  kind: RootKind,
  folders: readonly string[],
): readonly { readonly type: string; readonly permissions: TypePermissions }[] {
  return dataTypes[kind]
    .filter(({ describer }) => folders.includes(describer.folder))
    .map(({ describer: { type }, permissions }) => ({ type, permissions }))
}

/** Texts behind "type:" of --include and --exclude. */
export interface TypeFilter {
  readonly includedTypes: readonly string[]
  readonly excludedTypes: readonly string[]
}

/**
 * Folders of the data types that are read: by --office365-included-..., and by type: of the filters. Throws UsageError
 * if none is left, or for a type that there is not.
 */
export function chosenTypes(
  { kinds, types }: Pick<IncludedTypes, 'kinds' | 'types'>,
  filter: TypeFilter,
): ByRootKind<string> {
  const isFiltered = typeChoice(filter)
  const words: Partial<Record<RootKind, readonly string[]>> = types
  const chosen = ofEachKind((all, kind) =>
    all
      .filter(({ word }) => kinds.includes(kind) && (word === undefined || words[kind]?.includes(word) !== false))
      .map(({ describer }) => describer.folder)
      .filter((folder) => isFiltered(kind, folder)),
  )
  if (Object.values(chosen).flat().length === 0)
    throw new UsageError('No data type is left to read: correct --include and --exclude.')
  return chosen
}

/** Whether the filters let a data type through, by the kind of its root and its folder. Throws UsageError. */
export function typeChoice({ includedTypes, excludedTypes }: TypeFilter): (kind: RootKind, folder: string) => boolean {
  const included = includedTypes.map((text) => typeFolders(text, 'include'))
  const excluded = excludedTypes.map((text) => typeFolders(text, 'exclude'))
  return (kind, folder) =>
    (included.length === 0 || included.some((folders) => folders[kind].includes(folder))) &&
    !excluded.some((folders) => folders[kind].includes(folder))
}

/**
 * The folders of what a person calls a type: by its name ("mail", "conversations"), its folder ("mailbox"), or the word
 * of the options ("Mailbox"), each kind of root by itself. Throws UsageError if none of them has it.
 */
export function typeFolders(text: string, option = 'type'): ByRootKind<string> {
  const word = text.toLowerCase()
  const named = ofEachKind((all) =>
    all.filter(({ describer: { type, folder } }) => [type, folder].some((name) => name.toLowerCase() === word)),
  )
  const folders = ofEachKind((all, kind) => {
    const own =
      named[kind].length > 0 ? named[kind] : all.filter((type) => type.word?.toLowerCase() === word).slice(0, 1)
    return own.map(({ describer }) => describer.folder)
  })
  if (Object.values(folders).flat().length === 0) {
    const names = new Set(Object.values(describers).flatMap((all) => all.map(({ type }) => type)))
    throw new UsageError(`--${option}: "${text}" is no type; there is ${[...names].join(', ')}.`)
  }
  return folders
}

function ofEachKind<T>(make: (types: readonly DataType[], kind: RootKind) => readonly T[]): ByRootKind<T> {
  return {
    user: make(dataTypes.user, 'user'),
    group: make(dataTypes.group, 'group'),
    site: make(dataTypes.site, 'site'),
  }
}
