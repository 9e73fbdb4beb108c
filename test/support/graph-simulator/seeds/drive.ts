import { drivesOf } from '../services/drive/index.ts'
import type { TenantState } from '../state/tenant.ts'

/** Files in the drive of a user that an earlier seed made. Contents are generated: they cost no memory, whatever their size. */
export interface DriveSeed {
  readonly kind: 'drive'
  readonly user: string
  readonly files?: readonly { readonly path: string; readonly size: number; readonly seed?: number }[]
  /** `count` files of `size` bytes each, `<folder>/000000.bin` and so on. */
  readonly folders?: readonly {
    readonly path: string
    readonly count: number
    readonly size: number
    readonly seed?: number
  }[]
}

export function plantDrive(tenant: TenantState, { user, files = [], folders = [] }: DriveSeed): void {
  const drives = drivesOf(tenant)
  for (const { path, size, seed = 1 } of files) drives.addFile(user, path, { size, seed })
  for (const { path, ...more } of folders) drives.addFiles(user, path, more)
}
