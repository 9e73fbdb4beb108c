import { describers } from '../../commands/parts/data-types.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'

/** What the topmost containers of a data type whose files lie apart have as their only child: see `ItemDescriber.layout`. */
const FILES = 'files'

/** The describer of the data type that a path is in; undefined above the data types. */
export function describerOf(path: string): ItemDescriber | undefined {
  const rooted = rootOf(path)
  return rooted === undefined ? undefined : describers[rooted.kind].find(({ folder }) => folder === rooted.rest[0])
}

/** Whether it is a drive or a library: what people see in it lies in its folder "files". */
export function isDrive(path: string): boolean {
  return rootOf(path)?.rest.length === 2 && describerOf(path)?.layout === 'apart'
}

/** The folder whose containers and items a person means by a path. */
export function meantFolder(path: string): string {
  const plain = path
    .split('/')
    .filter((name) => name !== '')
    .join('/')
  return isDrive(plain) ? `${plain}/${FILES}` : plain
}
