import type { RootKind } from '../../engine/ports/data-type.ts'

const words: Readonly<Record<RootKind, string>> = { user: 'Users', group: 'Groups', site: 'Sites' }

export const allKinds = ['user', 'group', 'site'] as const satisfies readonly RootKind[]

/** As --office365-included-root-types takes it. */
export function rootTypesText(kinds: readonly RootKind[]): string {
  return allKinds
    .filter((kind) => kinds.includes(kind))
    .map((kind) => words[kind])
    .join(',')
}
