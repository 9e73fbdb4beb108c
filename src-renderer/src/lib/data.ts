import type { DirectoryRoot, ValueOf } from '../../../src-shared/ipc/index.ts'

export type RootKind = DirectoryRoot['kind']
export type DriveRow = ValueOf<'directory.drives'>['rows'][number]
export type PlaceState = ValueOf<'destinations.test'>

export const rootKinds: readonly RootKind[] = ['user', 'group', 'site']
