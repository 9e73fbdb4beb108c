import type { ContractDocument, Operation } from './contract-data.ts'

/** An operation of the contract. */
export interface FoundOperation {
  /** `GET /users/{user-id}/messages` */
  readonly name: string
  readonly operation: Operation
}

interface Node {
  readonly literals: Map<string, Node>
  parameter: Node | undefined
  path: string | undefined
}

type Verb = 'get' | 'post' | 'patch' | 'put' | 'delete'

/**
 * Other forms of address that a server must accept too, from the contract's `x-aliases`, and what the simulator's
 * paths come down to: each is tried when nothing fits the path as it is.
 */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^(?:users|groups|sites)\/[^/]+\/drive(?=\/|$)/i, 'drives/{}'],
  [/^(?:users|groups|sites)\/[^/]+\/drives\/[^/]+(?=\/|$)/i, 'drives/{}'],
  [/^groups\/[^/]+\/sites\/[^/]+/i, 'sites/{}'],
  [/^groups\/[^/]+\/team(?=\/|$)/i, 'teams/{}'],
  [/^users\/[^/]+\/chats\/[^/]+/i, 'chats/{}'],
  [/^(drives\/[^/]+)\/root(?=\/|$)/i, '$1/items/{}'],
  [/\/:path(?=\/|$)/, ''],
  [/\/(mailFolders|contactFolders)\/[^/]+\/childFolders\/(?=[^/]+\/childFolders\/)/i, '/$1/'],
  [/\/(mailFolders|contactFolders)\/[^/]+\/childFolders\/(?=[^/$]+(\/|$))/i, '/$1/'],
  [/\/sectionGroups\/[^/]+\/sectionGroups\//i, '/sectionGroups/'],
]

/** Finds the contract's operation for a request. */
export class OperationIndex {
  private readonly document: ContractDocument
  private readonly root: Node = emptyNode()

  constructor(document: ContractDocument) {
    this.document = document
    for (const path of Object.keys(document.paths)) this.insert(path)
  }

  /** All operations in the contract's scope, `/me` left out where the same exists for a user. */
  names(): readonly string[] {
    return Object.entries(this.document.paths).flatMap(([path, verbs]) => {
      const user = path.replace(/^\/me(?=\/|$)/, '/users/{user-id}')
      return Object.keys(verbs)
        .filter((verb) => isVerb(verb) && (path === user || this.document.paths[user]?.[verb] === undefined))
        .map((verb) => `${verb.toUpperCase()} ${path}`)
    })
  }

  /** `path`: below the version, still percent-encoded. */
  find(method: string, path: string): FoundOperation | undefined {
    const verb = method.toLowerCase()
    const tried = new Set<string>()
    const waiting = [canonical(path)]
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (tried.has(next)) continue
      tried.add(next)
      const found = this.match(this.root, next.split('/'), 0, verb)
      if (found !== undefined) return found
      for (const [pattern, instead] of aliases) waiting.push(next.replace(pattern, instead))
    }
    return undefined
  }

  private insert(path: string): void {
    let node = this.root
    for (const segment of canonical(path).split('/')) node = step(node, segment)
    node.path ??= path
  }

  /** What is written out goes before what may be anything. */
  private match(node: Node, segments: readonly string[], at: number, verb: string): FoundOperation | undefined {
    const segment = segments[at]
    if (segment === undefined) {
      const operation = node.path === undefined ? undefined : this.document.paths[node.path]?.[verb]
      if (operation === undefined || node.path === undefined) return undefined
      return { name: `${verb.toUpperCase()} ${node.path}`, operation }
    }
    const literal = node.literals.get(segment.toLowerCase())
    const found = literal === undefined ? undefined : this.match(literal, segments, at + 1, verb)
    if (found !== undefined || node.parameter === undefined || segment.startsWith('$')) return found
    return this.match(node.parameter, segments, at + 1, verb)
  }
}

function emptyNode(): Node {
  return { literals: new Map(), parameter: undefined, path: undefined }
}

function step(node: Node, segment: string): Node {
  if (/^\{[^}]*\}$/.test(segment)) return (node.parameter ??= emptyNode())
  const key = segment.toLowerCase()
  const known = node.literals.get(key)
  if (known !== undefined) return known
  const made = emptyNode()
  node.literals.set(key, made)
  return made
}

/**
 * One form for what can be written in several: `messages('x')` is `messages/x`, `delta()` is `delta`, arguments lose
 * their values, and `root:/a/b:/children` becomes `root/:path/children`.
 */
function canonical(path: string): string {
  const plain = path.replace(/^\//, '').replace(/\(path=(?:'|%27)[^)]*\)/gi, '(path=)')
  const colons = plain.replace(/(?<=[^/]):\/(.*?)(?::(?=\/|$)|$)/, '/:path')
  return colons
    .split('/')
    .filter((segment) => segment !== '')
    .map(canonicalSegment)
    .join('/')
}

function canonicalSegment(segment: string): string {
  // The contract writes the name of a derived type as `graph.sitePage`, the documents as `microsoft.graph.sitePage`.
  const plain = segment.replace(/%27/gi, "'").replace(/^(?:microsoft\.)?graph\./i, '')
  const [, name, inside] = /^([A-Za-z.]+)\((.*)\)$/.exec(plain) ?? []
  if (name === undefined || inside === undefined) return plain
  if (inside === '') return name
  const [, key] = /^'([^']*)'$/.exec(inside) ?? []
  if (key !== undefined) return `${name}/${key}`
  return `${name}(${inside.replace(/=[^,]*/g, '=')})`
}

function isVerb(text: string): text is Verb {
  return ['get', 'post', 'patch', 'put', 'delete'].includes(text)
}
