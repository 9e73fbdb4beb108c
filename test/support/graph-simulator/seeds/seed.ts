import type { TenantState } from '../state/tenant.ts'
import { plantDrive } from './drive.ts'
import type { DriveSeed } from './drive.ts'
import { plantInline } from './inline.ts'
import type { InlineSeed } from './inline.ts'
import { plantSpamAssassin } from './spam-assassin.ts'
import type { SpamAssassinSeed } from './spam-assassin.ts'
import { plantSynthetic } from './synthetic-mailbox.ts'
import type { SyntheticSeed } from './synthetic-mailbox.ts'
import { plantWorkplace } from './workplace.ts'
import type { WorkplaceSeed } from './workplace.ts'

/** Plain data that describes a tenant's content; the same data gives the same tenant, in this process or another. */
export type SeedData = InlineSeed | SpamAssassinSeed | SyntheticSeed | DriveSeed | WorkplaceSeed

/** What a tenant starts with: data, several pieces of data, or (in this process only) a function that builds it. */
export type TenantSeed = SeedData | readonly SeedData[] | ((tenant: TenantState) => void | Promise<void>)

export async function plant(tenant: TenantState, seed: TenantSeed): Promise<void> {
  if (typeof seed === 'function') {
    await seed(tenant)
    return
  }
  const pieces: readonly SeedData[] = 'kind' in seed ? [seed] : seed
  for (const piece of pieces) plantPiece(tenant, piece)
}

function plantPiece(tenant: TenantState, piece: SeedData): void {
  switch (piece.kind) {
    case 'inline':
      plantInline(tenant, piece)
      break
    case 'spam-assassin':
      plantSpamAssassin(tenant, piece)
      break
    case 'drive':
      plantDrive(tenant, piece)
      break
    case 'synthetic':
      plantSynthetic(tenant, piece)
      break
    case 'workplace':
      plantWorkplace(tenant, piece)
      break
  }
}
