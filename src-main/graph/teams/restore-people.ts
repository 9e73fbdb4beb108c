import type { RestoreOptions } from '../../engine/ports/restore-target.ts'
import { peopleOfGroup, type TargetPerson } from './restore-team.ts'
import type { TeamsCalls } from './restore-calls.ts'

/** Somebody as a snapshot names them. */
export interface StoredPerson {
  readonly id: string | undefined
  readonly address: string | undefined
}

/** Who is who in the target: its members and owners are asked for once, when they are needed. */
export class TargetPeople {
  readonly #options: RestoreOptions
  readonly #team: string
  #owners: Promise<readonly TargetPerson[]> | undefined
  #members: Promise<ReadonlySet<string>> | undefined
  /** Users whom Teams refused as authors of messages. */
  readonly refused = new Set<string>()

  constructor(options: RestoreOptions, team: string) {
    this.#options = options
    this.#team = team
  }

  /** The Graph id of their counterpart in the target. */
  find({ id, address }: StoredPerson): string | undefined {
    return this.#options.people({ id, address })?.id
  }

  /** An owner of the team: stands in where somebody is needed and nobody is known. */
  async standIn(calls: TeamsCalls): Promise<TargetPerson | undefined> {
    this.#owners ??= peopleOfGroup(calls, this.#team, 'owners')
    this.#owners.catch(() => (this.#owners = undefined))
    return (await this.#owners)[0]
  }

  /** Ids of everybody who belongs to the team. */
  async inTeam(calls: TeamsCalls): Promise<ReadonlySet<string>> {
    this.#members ??= this.#readMembers(calls)
    this.#members.catch(() => (this.#members = undefined))
    return await this.#members
  }

  async #readMembers(calls: TeamsCalls): Promise<ReadonlySet<string>> {
    this.#owners ??= peopleOfGroup(calls, this.#team, 'owners')
    const owners = await this.#owners
    const members = await peopleOfGroup(calls, this.#team, 'members')
    return new Set([...owners, ...members].map(({ id }) => id))
  }
}
