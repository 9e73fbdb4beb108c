import { EngineError } from '../model/errors.ts'
import { isHexId, type HexId } from '../model/ids.ts'
import type { Tree, TreeNode } from '../model/tree.ts'
import { compareNames, goQuote, goUnquote, nameBytes, nameFromBytes, nameProblem } from './node-name.ts'
import { ZERO_TIME, goTime } from './rfc3339.ts'

/**
 * Trees as restic writes them, byte for byte: it refuses to rewrite a tree that it would encode differently.
 * https://restic.readthedocs.io/en/stable/100_references.html#trees-and-data
 */

const MAX_UINT32 = 0xffffffff
const NODE_TYPES: ReadonlySet<string> = new Set<TreeNode['type']>([
  'file',
  'dir',
  'symlink',
  'dev',
  'chardev',
  'fifo',
  'socket',
  'irregular',
])

/**
 * The bytes of a tree. Throws `internal` (context: reason, at: index of the node) if a restic could not read or restore
 * it: nodes out of order or twice, a name that is none, a file without content, a folder without subtree, a time or
 * number that does not fit its field.
 */
export function encodeTree(tree: Tree): Buffer<ArrayBuffer> {
  let text = '{"nodes":['
  let last: string | undefined
  for (const [at, node] of tree.nodes.entries()) {
    if (last !== undefined && compareNames(last, node.name) >= 0) throw refused('order', at)
    text += (last === undefined ? '' : ',') + nodeText(node, at)
    last = node.name
  }
  return Buffer.from(`${text}]}\n`)
}

function nodeText(node: TreeNode, at: number): string {
  const { content, subtree } = node
  if (node.type === 'file' && content === null) throw refused('file without content', at)
  if (node.type === 'dir' && subtree === undefined) throw refused('folder without subtree', at)
  return (
    `{"name":"${nameText(node.name, at)}","type":"${node.type}"${numberText('mode', node.mode, at, MAX_UINT32)}` +
    `,"mtime":"${timeText(node.mtime, at)}","atime":"${timeText(node.atime, at)}","ctime":"${timeText(node.ctime, at)}"` +
    `,"uid":${integer(node.uid, at, MAX_UINT32)},"gid":${integer(node.gid, at, MAX_UINT32)}` +
    stringText('user', node.user) +
    stringText('group', node.group) +
    numberText('inode', node.inode, at) +
    numberText('device_id', node.device_id, at) +
    numberText('size', node.size, at) +
    numberText('links', node.links, at) +
    linkText(node.linktarget, at) +
    `,"content":${content === null ? 'null' : content.length === 0 ? '[]' : `["${content.join('","')}"]`}` +
    (subtree === undefined ? '}' : `,"subtree":"${subtree}"}`)
  )
}

function nameText(name: string, at: number): string {
  const problem = nameProblem(name)
  if (problem !== undefined) throw refused(problem, at)
  try {
    return goQuote(name).replace(/["\\<>&]/g, jsonEscape)
  } catch {
    throw refused('name with a surrogate that has no partner', at)
  }
}

function jsonEscape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function timeText(time: string, at: number): string {
  const text = goTime(time)
  if (text === undefined) throw refused('time', at)
  return text
}

function integer(value: number, at: number, max = Number.MAX_SAFE_INTEGER): string {
  if (!Number.isInteger(value) || value < 0 || value > max) throw refused('number', at)
  return String(value)
}

/** A field that Go leaves out when it is zero. */
function numberText(field: string, value: number | undefined, at: number, max?: number): string {
  return value === undefined || value === 0 ? '' : `,"${field}":${integer(value, at, max)}`
}

/** A field that Go leaves out when it is empty. */
function stringText(field: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `,"${field}":${goJsonString(value)}`
}

/** A target that is not valid UTF-8 is kept beside its readable form, in base64. */
function linkText(target: string | undefined, at: number): string {
  const text = stringText('linktarget', target)
  if (target === undefined || target.isWellFormed()) return text
  try {
    return `${text},"linktarget_raw":"${nameBytes(target).toString('base64')}"`
  } catch {
    throw refused('link target with a surrogate that has no partner', at)
  }
}

/** A JSON string as Go's encoding/json writes it. https://pkg.go.dev/encoding/json#Marshal */
function goJsonString(value: string): string {
  const replaced = JSON.stringify(value.toWellFormed()).replace(/[<>&\u2028\u2029]/g, jsonEscape)
  return value.isWellFormed() ? replaced : replaced.replaceAll('\ufffd', '\\ufffd')
}

function refused(reason: string, at: number): EngineError {
  return new EngineError('internal', { context: { what: 'tree', reason, at } })
}

export interface DecodeOptions {
  /**
   * Take nodes out of order, twice, or with names that lead elsewhere ("..", with a slash) as they are. Only for a
   * caller that looks at every name itself.
   */
  readonly anyName?: boolean
}

/**
 * The tree of a blob. What a node has beyond TreeNode (extended attributes, fields of later versions) is passed over.
 * Throws repository.tree-damaged (context: reason).
 */
export function decodeTree(bytes: Uint8Array, options: DecodeOptions = {}): Tree {
  const list = record(parse(bytes), 'tree').nodes ?? []
  if (!Array.isArray(list)) throw damaged('nodes')
  const nodes = list.map((value) => readNode(record(value, 'node')))
  if (options.anyName !== true) requireGoodNames(nodes)
  return { nodes }
}

function requireGoodNames(nodes: readonly TreeNode[]): void {
  let last: string | undefined
  for (const { name } of nodes) {
    const problem = nameProblem(name)
    if (problem !== undefined) throw damaged(problem)
    if (last !== undefined && compareNames(last, name) >= 0) throw damaged('order')
    last = name
  }
}

type Fields = Readonly<Record<string, unknown>>
type Writable<T> = { -readonly [K in keyof T]: T[K] }

function readNode(fields: Fields): TreeNode {
  const type = string(fields, 'type') ?? ''
  const node: Writable<TreeNode> = {
    name: readName(fields),
    type: NODE_TYPES.has(type) ? (type as TreeNode['type']) : '',
    mtime: time(fields, 'mtime'),
    atime: time(fields, 'atime'),
    ctime: time(fields, 'ctime'),
    uid: number(fields, 'uid') ?? 0,
    gid: number(fields, 'gid') ?? 0,
    content: readContent(fields.content, type),
  }
  for (const field of ['mode', 'size', 'links'] as const) {
    const value = number(fields, field)
    if (value !== undefined) node[field] = value
  }
  for (const field of ['inode', 'device_id'] as const) {
    const value = number(fields, field)
    // 64 bits that only tell files of one disk apart: rounded they would be wrong.
    if (value !== undefined && Number.isSafeInteger(value)) node[field] = value
  }
  for (const field of ['user', 'group'] as const) {
    const value = string(fields, field)
    if (value !== undefined) node[field] = value
  }
  const target = readLink(fields)
  if (target !== undefined) node.linktarget = target
  const subtree = fields.subtree ?? undefined
  if (subtree !== undefined) node.subtree = id(subtree, 'subtree')
  return node
}

function readName(fields: Fields): string {
  const name = goUnquote(string(fields, 'name') ?? '')
  if (name === undefined) throw damaged('name')
  return name
}

function readLink(fields: Fields): string | undefined {
  const raw = string(fields, 'linktarget_raw')
  return raw === undefined ? string(fields, 'linktarget') : nameFromBytes(Buffer.from(raw, 'base64'))
}

/** A file always has a list: early versions of restic wrote null for an empty one. */
function readContent(value: unknown, type: string): readonly HexId[] | null {
  if (value === null || value === undefined) return type === 'file' ? [] : null
  if (!Array.isArray(value)) throw damaged('content')
  return value.map((blob) => id(blob, 'content'))
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
  } catch {
    throw damaged('json') // without the cause: it quotes names
  }
}

function record(value: unknown, reason: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(reason)
  return value as Fields
}

function id(value: unknown, reason: string): HexId {
  if (!isHexId(value)) throw damaged(reason)
  return value
}

function string(fields: Fields, field: string): string | undefined {
  const value = fields[field] ?? undefined
  if (value !== undefined && typeof value !== 'string') throw damaged(field)
  return value
}

function number(fields: Fields, field: string): number | undefined {
  const value = fields[field] ?? undefined
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw damaged(field)
  return value
}

function time(fields: Fields, field: string): string {
  const text = string(fields, field) ?? ZERO_TIME
  if (goTime(text) === undefined) throw damaged(field)
  return text
}

function damaged(reason: string): EngineError {
  return new EngineError('repository.tree-damaged', { context: { reason } })
}
