import { guidFrom } from '../../random.ts'
import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { invalidRequest } from '../sites/errors.ts'
import type { ColumnKind, StoredColumn } from './stored.ts'

/** Facets by which Graph says what a column holds. Source: https://learn.microsoft.com/graph/api/resources/columndefinition */
const columnKinds: readonly ColumnKind[] = [
  'boolean',
  'calculated',
  'choice',
  'contentApprovalStatus',
  'currency',
  'dateTime',
  'geolocation',
  'hyperlinkOrPicture',
  'lookup',
  'number',
  'personOrGroup',
  'term',
  'text',
  'thumbnail',
]

/** "Sites and list columns response won't contain" these (columndefinition); those of content types do. */
const facetsLeftOut: ReadonlySet<ColumnKind> = new Set([
  'contentApprovalStatus',
  'hyperlinkOrPicture',
  'term',
  'thumbnail',
])

export const columnProperties: readonly string[] = [
  ...columnKinds,
  'columnGroup',
  'defaultValue',
  'description',
  'displayName',
  'enforceUniqueValues',
  'hidden',
  'id',
  'indexed',
  'isDeletable',
  'isReorderable',
  'isSealed',
  'name',
  'propagateChanges',
  'readOnly',
  'required',
  'sourceContentType',
  'type',
  'validation',
]

/** What Graph fills into a facet that is made with nothing in it. */
const facetDefaults: Readonly<Partial<Record<ColumnKind, JsonObject>>> = {
  text: { allowMultipleLines: false, appendChangesToExistingText: false, linesForEditing: 0, maxLength: 255 },
  number: { decimalPlaces: 'automatic', displayAs: 'number' },
  currency: { locale: 'en-us' },
  choice: { allowTextEntry: false, choices: [], displayAs: 'dropDownMenu' },
  dateTime: { displayAs: 'default', format: 'dateOnly' },
  lookup: { allowMultipleValues: false, allowUnlimitedLength: false },
  personOrGroup: { allowMultipleSelection: false, chooseFromType: 'peopleAndGroups', displayAs: 'nameWithPresence' },
  hyperlinkOrPicture: { isPicture: false },
  term: { allowMultipleValues: false, showFullyQualifiedName: false },
  calculated: { outputType: 'text' },
}

export interface ColumnFacts {
  readonly name: string
  readonly kind?: ColumnKind | undefined
  readonly displayName?: string | undefined
  readonly facet?: JsonObject | undefined
  readonly readOnly?: boolean
  readonly hidden?: boolean
  readonly required?: boolean
}

export function makeColumn(list: string, facts: ColumnFacts): StoredColumn {
  const { name, kind, facet = {}, readOnly = kind === 'calculated' } = facts
  return {
    id: guidFrom(`column ${list} ${name}`),
    name,
    displayName: facts.displayName ?? name,
    description: '',
    kind,
    facet: kind === undefined ? {} : withDefaults(kind, facet),
    required: facts.required ?? false,
    hidden: facts.hidden ?? false,
    readOnly,
    indexed: false,
    enforceUniqueValues: false,
    defaultValue: undefined,
    columnGroup: 'Custom Columns',
  }
}

function withDefaults(kind: ColumnKind, facet: JsonObject): JsonObject {
  const all = { ...facetDefaults[kind], ...facet }
  if (kind === 'text' && all.allowMultipleLines === true) {
    const { maxLength: _, ...note } = all
    return { ...note, textType: all.textType ?? 'plain', linesForEditing: all.linesForEditing ?? 6 }
  }
  return all
}

const fixed = (name: string, kind?: ColumnKind, more: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name,
  kind,
  readOnly: true,
  ...more,
})

/** Columns that SharePoint gives every list. */
const everyList: readonly ColumnFacts[] = [
  { name: 'Title', kind: 'text', required: true },
  fixed('ComplianceAssetId', 'text', { displayName: 'Compliance Asset Id' }),
  fixed('ID', 'number'),
  { name: 'ContentType', kind: 'text', displayName: 'Content Type' },
  fixed('Modified', 'dateTime', { facet: { format: 'dateTime' } }),
  fixed('Created', 'dateTime', { facet: { format: 'dateTime' } }),
  fixed('Author', 'personOrGroup', { displayName: 'Created By' }),
  fixed('Editor', 'personOrGroup', { displayName: 'Modified By' }),
  fixed('_UIVersionString', 'text', { displayName: 'Version' }),
  { name: 'Attachments' },
  fixed('Edit'),
  fixed('LinkTitleNoMenu', undefined, { displayName: 'Title' }),
  fixed('LinkTitle', undefined, { displayName: 'Title' }),
  fixed('DocIcon', undefined, { displayName: 'Type' }),
  fixed('ItemChildCount', 'lookup', { displayName: 'Item Child Count' }),
  fixed('FolderChildCount', 'lookup', { displayName: 'Folder Child Count' }),
  fixed('_ComplianceFlags', undefined, { displayName: 'Label setting' }),
  fixed('AppAuthor', 'lookup', { displayName: 'App Created By' }),
  fixed('AppEditor', 'lookup', { displayName: 'App Modified By' }),
  fixed('_ModerationComments', 'text', { hidden: true }),
  fixed('FileLeafRef', 'text', { hidden: true }),
]

const choice = (choices: readonly string[]): JsonObject => ({ choices })
const note: JsonObject = { allowMultipleLines: true }

/** Columns that come with a template. Source: the lists that SharePoint makes of them. */
const byTemplate: Readonly<Record<string, readonly ColumnFacts[]>> = {
  announcements: [
    { name: 'Body', kind: 'text', facet: { ...note, textType: 'richText' } },
    { name: 'Expires', kind: 'dateTime' },
  ],
  contacts: [
    { name: 'FirstName', kind: 'text', displayName: 'First Name' },
    { name: 'Email', kind: 'text', displayName: 'Email Address' },
    { name: 'WorkPhone', kind: 'text', displayName: 'Business Phone' },
  ],
  events: [
    { name: 'EventDate', kind: 'dateTime', displayName: 'Start Time', facet: { format: 'dateTime' }, required: true },
    { name: 'EndDate', kind: 'dateTime', displayName: 'End Time', facet: { format: 'dateTime' }, required: true },
    { name: 'Location', kind: 'text' },
    { name: 'Description', kind: 'text', facet: note },
  ],
  links: [
    { name: 'URL', kind: 'hyperlinkOrPicture' },
    { name: 'Comments', kind: 'text', displayName: 'Notes', facet: note },
  ],
  tasks: [
    { name: 'Priority', kind: 'choice', facet: choice(['(1) High', '(2) Normal', '(3) Low']) },
    {
      name: 'Status',
      kind: 'choice',
      displayName: 'Task Status',
      facet: choice(['Not Started', 'In Progress', 'Completed']),
    },
    { name: 'PercentComplete', kind: 'number', displayName: '% Complete' },
    { name: 'AssignedTo', kind: 'personOrGroup', displayName: 'Assigned To', facet: { allowMultipleSelection: true } },
    { name: 'Body', kind: 'text', displayName: 'Description', facet: note },
    { name: 'StartDate', kind: 'dateTime', displayName: 'Start Date' },
    { name: 'DueDate', kind: 'dateTime', displayName: 'Due Date' },
  ],
  userInformation: [
    { name: 'Name', kind: 'text', displayName: 'Account' },
    { name: 'EMail', kind: 'text', displayName: 'Work email' },
    { name: 'UserName', kind: 'text', displayName: 'User name' },
    { name: 'JobTitle', kind: 'text', displayName: 'Job Title' },
    { name: 'IsSiteAdmin', kind: 'boolean', displayName: 'Is Site Admin' },
  ],
}

/** Templates that `POST lists` takes. Source: https://learn.microsoft.com/graph/api/resources/listinfo */
export const templates: ReadonlySet<string> = new Set([
  'genericList',
  'documentLibrary',
  ...Object.keys(byTemplate).filter((name) => name !== 'userInformation'),
])

export function standardColumns(list: string, template: string): StoredColumn[] {
  return [...everyList, ...(byTemplate[template] ?? [])].map((facts) => makeColumn(list, facts))
}

/** Whether the column comes with every list; its values do not. */
export const isStandard = (name: string): boolean => everyList.some((column) => column.name === name)

/** As a list shows it; `inType`: as a content type does, with what lists keep to themselves. */
export function renderColumn(column: StoredColumn, inType = false): Record<string, unknown> {
  const { id, name, kind, facet } = column
  const shown = kind !== undefined && (inType || !facetsLeftOut.has(kind))
  return {
    columnGroup: column.columnGroup,
    description: column.description,
    displayName: column.displayName,
    enforceUniqueValues: column.enforceUniqueValues,
    hidden: column.hidden,
    id,
    indexed: column.indexed,
    name,
    readOnly: column.readOnly,
    required: column.required,
    ...(column.defaultValue === undefined ? {} : { defaultValue: column.defaultValue }),
    ...(shown ? { [kind]: facet } : {}),
  }
}

/** Internal names have letters, digits and `_`; anything else is written as `_x0020_`. */
export function internalName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, (letter) => `_x${letter.charCodeAt(0).toString(16).padStart(4, '0')}_`)
}

/** The one facet of a column in a request. */
export function facetIn(body: JsonObject): { readonly kind: ColumnKind; readonly facet: JsonObject } | undefined {
  const given = columnKinds.filter((kind) => body[kind] !== undefined && body[kind] !== null)
  const [kind] = given
  if (kind === undefined) return undefined
  if (given.length > 1) throw invalidRequest('A column can have only one type.')
  const facet = body[kind]
  if (!isObject(facet)) throw invalidRequest(`The value of '${kind}' is not valid.`)
  return { kind, facet: Object.fromEntries(Object.entries(facet).filter(([name]) => !name.startsWith('@'))) }
}
