import type { AccountRow, RestoreTarget } from '../../../../src-shared/ipc/index.ts'
import { texts } from '../../lib/texts/index.ts'
import type { Picked } from '../browse/picked.svelte.ts'
import { rootsOf, type RootedPath } from '../browse/snapshot-path.ts'
import { alsoOf, type Also } from './also.ts'

export type Where = 'same' | 'other' | 'folder'

export interface PersonPair {
  readonly from: string
  readonly to: string
}

/** What a person says about a restore before it is checked. */
export class RestoreForm {
  readonly picked: Picked
  /** The one root of the selection; undefined if there are several, then only a folder takes them. */
  readonly root: RootedPath | undefined
  readonly alsoChoices: readonly Also[]
  where = $state<Where>('folder')
  account = $state('')
  /** Name of the other user, group or site. */
  target = $state('')
  targetFolder: string = $state(texts.restore.targetFolderDefault)
  ignoreExisting = $state(false)
  also = $state.raw<readonly Also[]>([])
  people = $state.raw<readonly PersonPair[]>([])
  folder = $state('')
  /** Whether problems are told: not before somebody wanted to go on. */
  isTried = $state(false)

  constructor(picked: Picked) {
    this.picked = picked
    const roots = rootsOf(picked.paths)
    this.root = roots.length === 1 && picked.paths.every((path) => rootsOf([path]).length === 1) ? roots[0] : undefined
    this.alsoChoices = alsoOf(picked.paths)
    if (this.root !== undefined) this.where = 'same'
  }

  /** Takes the account that the snapshot's tenant belongs to, if there is one. */
  offerAccounts(accounts: readonly AccountRow[]): void {
    if (accounts.some(({ name }) => name === this.account)) return
    const own = accounts.find(({ tenantId }) => tenantId === this.picked.snapshot.tenant)
    this.account = own?.name ?? accounts[0]?.name ?? ''
  }

  get targetProblem(): string | undefined {
    return this.where === 'other' && this.target.trim() === '' ? texts.restore.targetMissing : undefined
  }

  get folderProblem(): string | undefined {
    return this.where === 'folder' && this.folder === '' ? texts.restore.noFolder : undefined
  }

  get peopleProblem(): string | undefined {
    const isPartly = ({ from, to }: PersonPair): boolean => (from.trim() === '') !== (to.trim() === '')
    return this.where !== 'folder' && this.people.some(isPartly) ? texts.restore.personIncomplete : undefined
  }

  /** Null as long as something is missing. */
  get restoreTarget(): RestoreTarget | null {
    if (this.targetProblem !== undefined || this.folderProblem !== undefined || this.peopleProblem !== undefined)
      return null
    if (this.where === 'folder') return { kind: 'folder', path: this.folder }
    const { root, account } = this
    if (root === undefined || account === '') return null
    const { kind, name } = root
    return {
      kind: 'root',
      account,
      root: { kind, name: this.where === 'same' ? name : this.target.trim() },
      targetFolder: this.targetFolder.trim(),
      ignoreExisting: this.ignoreExisting,
      also: [...this.also],
      people: this.people
        .map(({ from, to }) => ({ from: from.trim(), to: to.trim() }))
        .filter(({ from, to }) => from !== '' && to !== ''),
    }
  }
}
