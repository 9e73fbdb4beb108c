import { backUp, type BackupReport, type Catalog, type SeriesKey } from '../engine/index.ts'
import { rootPath } from '../engine/model/root-path.ts'
import type { ByRootKind } from '../engine/ports/data-type.ts'
import type { AccountingSnapshot } from '../graph/client/accounting.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { backupExitCode, reportBackup } from './parts/backup-report.ts'
import { withCatalog } from './parts/catalog.ts'
import { chooseRoots, type ChosenRoots, type RootChoice } from './parts/choose-roots.ts'
import { readContentChoice, type ContentChoice } from './parts/content-filter.ts'
import { chosenTypes, readersOf } from './parts/data-types.ts'
import { hostFor } from './parts/directory-name.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { finishUploads } from './parts/finish-uploads.ts'
import { naming } from './parts/interrupted.ts'
import { massChangesOf, readNoticeLimits, tellMassChanges } from './parts/mass-change.ts'
import { parseWhole } from './parts/moments.ts'
import type { OptionValues } from './parts/option-values.ts'
import type { OwnRepository } from './parts/own-repository.ts'
import { ownChoice } from './parts/own-root.ts'
import { openNamedRepository, whileLocked, type OpenedRepository } from './parts/repository.ts'
import { kindFolder, readRootFilter } from './parts/root-filter.ts'
import type { Session } from './parts/session.ts'
import { readShard } from './parts/shard.ts'
import { readIncludedTypes, readSourceOptions, type SourceOptions } from './parts/source-options.ts'
import { openTenant, type Tenant } from './parts/tenant.ts'
import { UsageError } from './parts/usage-error.ts'
import { programVersion } from './parts/version.ts'

const MEBIBYTE = 1024 * 1024
/** Folder of the data type that holds a group's library. */
const GROUP_FILES = 'files'

/** What the command line asks for; read before anything is opened. */
interface Asked {
  readonly source: SourceOptions
  /** Folders of the data types. */
  readonly types: ByRootKind<string>
  /** They were asked for by name: then one that the sign-in does not allow is a failure. */
  readonly namesTypes: boolean
  /** Users, groups or sites were asked for as such. */
  readonly namesKinds: boolean
  readonly choice: RootChoice
  readonly content: ContentChoice
  readonly fileVersions: number
  readonly seal: NonNullable<Parameters<typeof backUp>[0]['seal']>
}

/** Reads a tenant and stores a snapshot of it. */
export async function backup(session: Session): Promise<ExitCode> {
  return (await runBackup(session)).exitCode
}

/** The same, with what came of it; no report if there was nothing to read. */
export async function runBackup(session: Session): Promise<BackupOutcome> {
  const asked = readAsked(session.values)
  const tenant = await openTenant(session, asked.source)
  try {
    const opened = await openNamedRepository(session)
    const choice = { exclusive: false, readsOnly: false }
    return await naming('backup', session.signal, () =>
      whileLocked(session, opened, choice, async (signal, confirmLock) => {
        await finishUploads(session, opened, signal, confirmLock)
        return await new Backup(session, asked, tenant, opened, signal).run()
      }),
    )
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await tenant.close()
  }
}

function readAsked(values: OptionValues): Asked {
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const included = readIncludedTypes(values)
  const types = chosenTypes(included, content)
  const versions = values.text('file-versions')
  return {
    source: readSourceOptions(values),
    types,
    namesTypes: included.named || content.includedTypes.length > 0,
    namesKinds: values.has('office365-included-root-types'),
    choice: {
      ...readRootFilter(content.rootIncludes, content.rootExcludes, (kind) => types[kind].length > 0),
      shard: readShard(values),
    },
    content,
    fileVersions: versions === undefined ? 0 : parseWhole('file-versions', versions, 0, 500),
    seal: readSealOptions(values),
  }
}

function readSealOptions(values: OptionValues): Asked['seal'] {
  const level = values.text('compression-level')
  const packSize = values.text('pack-size')
  return {
    ...(level === undefined ? {} : { level: parseWhole('compression-level', level, 1, 19) }),
    ...(packSize === undefined ? {} : { packSize: parseWhole('pack-size', packSize, 4, 128) * MEBIBYTE }),
    ...(values.flag('self-check') === false ? { selfCheck: false } : {}),
  }
}

export interface BackupOutcome {
  readonly exitCode: ExitCode
  readonly report: BackupReport | undefined
}

/** One run, from the choice of the roots to the report. */
class Backup {
  readonly #session: Session
  readonly #asked: Asked
  readonly #tenant: Tenant
  readonly #opened: OpenedRepository
  readonly #signal: AbortSignal

  constructor(session: Session, asked: Asked, tenant: Tenant, opened: OpenedRepository, signal: AbortSignal) {
    this.#session = session
    this.#asked = asked
    this.#tenant = tenant
    this.#opened = opened
    this.#signal = signal
  }

  async run(): Promise<BackupOutcome> {
    const { output } = this.#session
    const started = systemClock.now()
    const chosen = await this.#choose()
    if (chosen.empty === 'shard') return { exitCode: this.#tellEmptyShard(), report: undefined }
    const limits = await readNoticeLimits(this.#session)
    const { report, changes } = await withCatalog(
      this.#session,
      this.#opened.repository,
      this.#signal,
      async (catalog) => {
        const done = await this.#read(catalog, chosen)
        return { report: done, changes: massChangesOf(catalog, done, limits) }
      },
    )
    tellMassChanges(output, changes, report)
    for (const pattern of this.#asked.content.unused())
      output.warn(`No folder fits "${pattern}" (--include, --exclude).`)
    const durationMs = systemClock.now() - started
    const { isExcluded } = this.#asked.choice
    const denied = this.#asked.namesTypes ? report.notices.filter(({ code }) => code === 'graph.forbidden') : []
    const finished = { report, denied, roots: chosen.counts, accounting: this.#accounting(), durationMs, isExcluded }
    reportBackup(output, finished)
    return { exitCode: backupExitCode(finished), report }
  }

  async #choose(): Promise<ChosenRoots> {
    const { output, progress } = this.#session
    const choice = this.#choice()
    const current = `looking for ${choice.kinds.map(({ kind }) => kindFolder(kind)).join(', ')}`
    progress.update(() => ({ current, items: 0, requests: this.#accounting().requests }))
    const chosen = await chooseRoots(choice, this.#tenant.listers, this.#signal)
    progress.stop()
    for (const { kind, name } of chosen.missing) output.warn(`The tenant has no ${kind} "${name}" (--include).`)
    // A snapshot without users would look as if everybody had left.
    if (chosen.empty === 'none')
      throw new UsageError(
        'No user, group or site of the tenant fits --include and --exclude, so nothing was backed up: correct them.',
      )
    return chosen
  }

  #choice(): RootChoice {
    const { choice, content, namesKinds } = this.#asked
    if (this.#tenant.as === 'app') return choice
    return ownChoice(choice, { roots: content.rootIncludes.length > 0, kinds: namesKinds })
  }

  /** There may be fewer roots than machines; that is no failure of the machine. */
  #tellEmptyShard(): ExitCode {
    const { output } = this.#session
    output.summary('None of the users, groups and sites belongs to this shard, so no snapshot was made.')
    output.object({ message_type: 'summary', users: 0, groups: 0, sites: 0, total_items: 0 })
    return exitCodes.done
  }

  async #read(catalog: Catalog, { roots, paths, groupName }: ChosenRoots): Promise<BackupReport> {
    const { progress } = this.#session
    const { repository } = this.#opened
    const { client, sharePoint, as: signedIn } = this.#tenant
    const series: SeriesKey = { host: await hostFor(this.#tenant, catalog, this.#signal), paths }
    await repository.ensureIndex(this.#signal)
    // Later runs read only what changed, which says nothing about how much there is.
    const isFirst = catalog.base(catalog.series(series)) === undefined
    try {
      return await backUp({
        repository,
        catalog,
        series,
        roots,
        readers: readersOf(this.#asked.types, {
          client,
          sharePoint,
          signedIn,
          repository: await this.#ownRepository(),
          fileVersions: this.#asked.fileVersions,
          hasGroup: (id) => this.#readsFilesOf(groupName(id)),
        }),
        filter: this.#asked.content.filter,
        clock: systemClock,
        program: `holdfast ${programVersion()}`,
        signal: this.#signal,
        seal: this.#asked.seal,
        requests: () => figures(this.#accounting()),
        onProgress: ({ current, changed, contentBytes, expected }) => {
          progress.update(() => {
            const { requests, throttledMs } = this.#accounting()
            const whole = isFirst ? { expected } : {}
            return { current, items: changed, ...whole, bytes: contentBytes, requests, throttledMs }
          })
        },
      })
    } finally {
      progress.stop()
    }
  }

  /** A repository in a drive is not backed up into itself. */
  async #ownRepository(): Promise<OwnRepository | undefined> {
    const { store, folderId } = this.#opened.destination
    if (folderId === undefined) return undefined
    const { output } = this.#session
    const onFound = (): void => output.note(`The files of the repository itself are left out: ${store.location}`)
    return { container: await folderId(this.#signal), onFound }
  }

  /** Whether the files of a group are read through it. */
  #readsFilesOf(group: string | undefined): boolean {
    const { types, content } = this.#asked
    if (group === undefined || !types.group.includes(GROUP_FILES)) return false
    return content.filter.takesContainer(`${rootPath({ kind: 'group', name: group })}/${GROUP_FILES}`)
  }

  #accounting(): AccountingSnapshot {
    return this.#tenant.client.accounting()
  }
}

function figures({ byStatusClass, ...counts }: AccountingSnapshot): Readonly<Record<string, number>> {
  const classes = Object.entries(byStatusClass).map(([status, count]) => [`status ${status}`, count] as const)
  return { ...counts, ...Object.fromEntries(classes) }
}
