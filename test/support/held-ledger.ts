import type { ChannelLedger, OpenedChannel } from '../../src-main/graph/teams/restore-ledger.ts'

/** A ledger in memory that outlives its restorer, as the file does its process. */
export class HeldLedger implements ChannelLedger {
  readonly entries: OpenedChannel[] = []
  /** Everything that was ever noted. */
  readonly noted: string[] = []

  opened(channel: OpenedChannel): Promise<void> {
    this.#drop(channel.channel)
    this.entries.push(channel)
    this.noted.push(channel.channel)
    return Promise.resolve()
  }

  closed({ channel }: Pick<OpenedChannel, 'channel'>): Promise<void> {
    this.#drop(channel)
    return Promise.resolve()
  }

  list(tenant: string): Promise<readonly OpenedChannel[]> {
    return Promise.resolve(this.entries.filter((entry) => entry.tenant === tenant))
  }

  #drop(channel: string): void {
    const at = this.entries.findIndex((entry) => entry.channel === channel)
    if (at >= 0) this.entries.splice(at, 1)
  }
}
