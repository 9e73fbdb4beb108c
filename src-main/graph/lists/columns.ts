import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, list, record, text } from '../item/fields.ts'

/** What a column holds: the facet by which Graph tells it. https://learn.microsoft.com/graph/api/resources/columndefinition */
export const columnKinds = [
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
] as const

export type ColumnKind = (typeof columnKinds)[number]

/** A column of a list, as stored or as it is in the target. */
export interface Column {
  readonly id: string
  /** The internal name, by which fields are called. */
  readonly name: string
  readonly displayName: string
  /** Undefined for kinds that Graph has no word for. */
  readonly kind: ColumnKind | undefined
  /** The facet's own settings. */
  readonly facet: JsonObject
  /** Takes a list of values. */
  readonly multiple: boolean
  readonly readOnly: boolean
  /** As Graph gives it. */
  readonly definition: JsonObject
}

/** Columns that every list has by itself; what is in them is no value that anybody entered. `Title` is. */
const standard: ReadonlySet<string> = new Set(
  (
    'ID ContentType ContentTypeId ContentVersion Modified Created Author Editor _UIVersionString _HasCopyDestinations ' +
    '_CopySource owshiddenversion WorkflowVersion _UIVersion Attachments _ModerationStatus _ModerationComments Edit ' +
    'LinkTitleNoMenu LinkTitle LinkTitle2 SelectTitle InstanceID Order GUID WorkflowInstanceID FileRef FileDirRef ' +
    'Last_x0020_Modified Created_x0020_Date FSObjType SortBehavior PermMask PrincipalCount FileLeafRef UniqueId ' +
    'ParentUniqueId SyncClientId ProgId ScopeId File_x0020_Type HTML_x0020_File_x0020_Type _EditMenuTableStart ' +
    '_EditMenuTableStart2 _EditMenuTableEnd LinkFilenameNoMenu LinkFilename LinkFilename2 DocIcon ServerUrl ' +
    'EncodedAbsUrl BaseName MetaInfo _Level _IsCurrentVersion ItemChildCount FolderChildCount Restricted ' +
    'OriginatorId NoExecute ContentVersion _ComplianceFlags _ComplianceTag _ComplianceTagWrittenTime ' +
    '_ComplianceTagUserId ComplianceAssetId AccessPolicy _VirusStatus _VirusVendorID _VirusInfo _RansomwareAnomalyMetaInfo ' +
    'AppAuthor AppEditor SMTotalSize SMLastModifiedDate SMTotalFileStreamSize SMTotalFileCount _CommentFlags ' +
    '_CommentCount _LikeCount _ColorHex _ColorTag _Emoji Combine RepairDocument TaxCatchAll TaxCatchAllLabel _IsRecord'
  ).split(' '),
)

export function isStandardColumn(name: string): boolean {
  return standard.has(name)
}

/** The columns in a list's stored properties, or in Graph's answer. */
export function columnsOf(properties: JsonObject): readonly Column[] {
  return (list(properties, 'columns') ?? []).filter(isObject).map(asColumn)
}

export function asColumn(definition: JsonObject): Column {
  const kind = kindOf(definition)
  const facet = (kind === undefined ? undefined : record(definition, kind)) ?? {}
  return {
    id: text(definition, 'id') ?? '',
    name: text(definition, 'name') ?? '',
    displayName: text(definition, 'displayName') ?? text(definition, 'name') ?? '',
    kind,
    facet,
    multiple: isMultiple(kind, facet),
    readOnly: definition.readOnly === true,
    definition,
  }
}

export function kindOf(definition: JsonObject): ColumnKind | undefined {
  return columnKinds.find((kind) => isObject(definition[kind]))
}

function isMultiple(kind: ColumnKind | undefined, facet: JsonObject): boolean {
  if (kind === 'personOrGroup') return facet.allowMultipleSelection === true
  if (kind === 'choice') return facet.displayAs === 'checkBoxes'
  return facet.allowMultipleValues === true
}

/** Columns whose values people enter, by themselves or with the list's template. */
export function ownColumns(columns: readonly Column[]): readonly Column[] {
  return columns.filter(
    ({ name, readOnly, kind }) => !isStandardColumn(name) && (!readOnly || kind === 'calculated' || isSecondary(kind)),
  )
}

/** A further column of an item that is looked up anyway: SharePoint fills it in. */
function isSecondary(kind: ColumnKind | undefined): boolean {
  return kind === 'lookup'
}
