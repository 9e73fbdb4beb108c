import type { RestoreTarget } from '../../../src-shared/ipc/contract/restore.ts'
import { kindFolder } from '../../commands/parts/root-filter.ts'
import type { GivenOptions } from '../context.ts'

type RootTarget = Extract<RestoreTarget, { readonly kind: 'root' }>

/** The options of `holdfast restore` that name a target. */
export function targetOptions(target: RestoreTarget): GivenOptions {
  if (target.kind === 'folder') return { 'restore-path': target.path }
  const { also, people, targetFolder, ignoreExisting } = target
  return {
    'restore-path': rootAddress(target),
    ...(targetFolder.trim() === '' ? {} : { 'target-folder': targetFolder.trim() }),
    ...(ignoreExisting ? { 'office365-ignore-existing': true } : {}),
    ...(also.length === 0 ? {} : { 'restore-also': [...also] }),
    ...(people.length === 0 ? {} : { 'map-user': people.map(({ from, to }) => `${from}=${to}`) }),
  }
}

/** A site's name is its host and path, with "/" between. */
function rootAddress({ root, account }: RootTarget): string {
  const name =
    root.kind === 'site' ? root.name.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(root.name)
  return `@office365://${kindFolder(root.kind)}/${name}?account=${encodeURIComponent(account)}`
}
