import type { ShardEdits } from '../../catalog/catalog.ts'
import type { ItemVersion } from '../../catalog/model.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import type { RepositoryWriter } from '../../repository/writer.ts'
import { PARTS_FOLDER, PLANES, directoryNode, fileNode, sorted } from './layout.ts'

/** One of the places where files of items are: see `layout` in ports/data-type.ts. */
export interface Plane {
  /** Its folder in the topmost containers; undefined where everything is in one place. */
  readonly folder: string | undefined
  /** Whether the containers' own metadata files are here. */
  readonly hasMetadata: boolean
  /** Whether containers without anything have a folder here. */
  readonly keepsEmpty: boolean
  /** The folder beside the items that holds their parts, if that is here. */
  readonly partsFolder: string | undefined
  /** Takes what the run removed out of a folder, and puts what it added. */
  apply(nodes: Map<string, TreeNode>, edits: ShardEdits, writer: RepositoryWriter): void
}

/** All files of an item beside each other. */
export function wholePlane({ contentExtension }: ItemDescriber): Plane {
  return {
    folder: undefined,
    hasMetadata: true,
    keepsEmpty: true,
    partsFolder: PARTS_FOLDER,
    apply: (nodes, { removed, put }) => {
      for (const { name } of removed) {
        nodes.delete(metadataName(name))
        if (contentExtension !== undefined) nodes.delete(`${name}${contentExtension}`)
      }
      for (const version of put) {
        add(nodes, metadataNode(version))
        add(nodes, contentNode(version, `${version.name}${contentExtension ?? ''}`))
      }
    },
  }
}

/** The contents alone, under the items' own names. */
export function contentPlane(): Plane {
  return {
    folder: PLANES.content,
    hasMetadata: false,
    keepsEmpty: true,
    partsFolder: undefined,
    apply: (nodes, { removed, put }) => {
      for (const { name } of removed) nodes.delete(name)
      for (const version of put) add(nodes, contentNode(version, version.name))
    },
  }
}

export function metadataPlane(): Plane {
  return {
    folder: PLANES.metadata,
    hasMetadata: true,
    keepsEmpty: true,
    partsFolder: undefined,
    apply: (nodes, { removed, put }) => {
      for (const { name } of removed) nodes.delete(metadataName(name))
      for (const version of put) add(nodes, metadataNode(version))
    },
  }
}

/** A folder of parts for each item that has some. `time`: ISO 8601, for the folders. */
export function partsPlane(time: string): Plane {
  return {
    folder: PLANES.parts,
    hasMetadata: false,
    keepsEmpty: false,
    partsFolder: undefined,
    apply: (nodes, { removed, put }, writer) => {
      for (const { name } of removed) nodes.delete(name)
      for (const version of put) {
        if (version.parts.length === 0) continue
        const files = version.parts.map(({ name, blobs, size }) => fileNode(name, blobs, size, timeOf(version)))
        add(nodes, directoryNode(version.name, writer.addTree({ nodes: sorted(files) }), time))
      }
    },
  }
}

function metadataName(name: string): string {
  return `${name}.json`
}

function metadataNode(version: ItemVersion): TreeNode {
  return fileNode(metadataName(version.name), version.metadata, version.metadataSize, timeOf(version))
}

function contentNode(version: ItemVersion, name: string): TreeNode | undefined {
  return version.content === null ? undefined : fileNode(name, version.content, version.size, timeOf(version))
}

function timeOf({ time }: ItemVersion): string {
  return new Date(time).toISOString()
}

function add(nodes: Map<string, TreeNode>, node: TreeNode | undefined): void {
  if (node !== undefined) nodes.set(node.name, node)
}
