import { backUp, type BackupReport, type Catalog, type SeriesKey } from '../../engine/index.ts'
import type { AccountingSnapshot } from '../../graph/client/accounting.ts'
import { backupExitCode, reportBackup } from '../backup-report.ts'
import { withCatalog } from '../catalog.ts'
import { chooseRoots, type ChosenRoots } from '../choose-roots.ts'
import { readContentChoice, type ContentChoice } from '../content-filter.ts'
import { chosenTypes, readersOf } from '../data-types.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { naming } from '../interrupted.ts'
import { parseWhole } from '../moments.ts'
import type { OptionValues } from '../option-values.ts'
import { openNamedRepository, whileLocked, type OpenedRepository } from '../repository.ts'
import { readRootFilter, type RootFilter } from '../root-filter.ts'
import type { Session } from '../session.ts'
import { readIncludedTypes, readSourceOptions, type SourceOptions } from '../source-options.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { openTenant, type Tenant } from '../tenant.ts'
import { UsageError } from '../usage-error.ts'
import { programVersion } from '../version.ts'

const GROUP_TYPES = 'office365-included-group-types'
const MEBIBYTE = 1024 * 1024

/** What the command line asks for; read before anything is opened. */
interface Asked {
  readonly source: SourceOptions
  readonly types: readonly string[]
  /** They were asked for by name: then one that the sign-in does not allow is a failure. */
  readonly namesTypes: boolean
  readonly filter: RootFilter
  readonly content: ContentChoice
  readonly fileVersions: number
  readonly seal: NonNullable<Parameters<typeof backUp>[0]['seal']>
}

/** Reads a tenant and stores a snapshot of it. */
export async function backup(session: Session): Promise<ExitCode> {
  const { values, output } = session
  const asked = readAsked(values)
  if (values.has(GROUP_TYPES)) output.note(`--${GROUP_TYPES} has no effect: groups are not available yet.`)
  const tenant = await openTenant(asked.source)
  try {
    const opened = await openNamedRepository(session)
    const choice = { exclusive: false, readsOnly: false }
    return await naming('backup', session.signal, () =>
      whileLocked(session, opened, choice, (signal) => new Backup(session, asked, tenant, opened, signal).run()),
    )
  } catch (error) {
    throw tenant.explain(error)
  } finally {
    await tenant.client.close()
  }
}

function readAsked(values: OptionValues): Asked {
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const versions = values.text('file-versions')
  return {
    source: readSourceOptions(values),
    types: chosenTypes(readIncludedTypes(values), content),
    namesTypes: values.has('office365-included-user-types') || content.includedTypes.length > 0,
    filter: readRootFilter(content.rootIncludes, content.rootExcludes),
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

/** One run, from the choice of the users to the report. */
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

  async run(): Promise<ExitCode> {
    const { output } = this.#session
    const started = systemClock.now()
    const chosen = await this.#choose()
    const report = await withCatalog(this.#session, this.#opened.repository, this.#signal, (catalog) =>
      this.#read(catalog, chosen),
    )
    for (const pattern of this.#asked.content.unused())
      output.warn(`No folder fits "${pattern}" (--include, --exclude).`)
    const durationMs = systemClock.now() - started
    const isExcluded = (name: string): boolean => this.#asked.filter.isExcluded({ id: '', name })
    reportBackup(output, { report, accounting: this.#accounting(), durationMs, isExcluded })
    return this.#asked.namesTypes && report.notices.some(({ code }) => code === 'graph.forbidden')
      ? exitCodes.incomplete
      : backupExitCode(report)
  }

  async #choose(): Promise<ChosenRoots> {
    const { output, progress } = this.#session
    progress.update(() => ({ current: 'looking for users', items: 0, requests: this.#accounting().requests }))
    const chosen = await chooseRoots(this.#asked.filter, this.#tenant.users, this.#signal)
    progress.stop()
    for (const name of chosen.missing) output.warn(`The tenant has no user "${name}" (--include).`)
    // A snapshot without users would look as if everybody had left.
    if (chosen.roots.length === 0)
      throw new UsageError(
        'No user of the tenant fits --include and --exclude, so nothing was backed up: correct them.',
      )
    return chosen
  }

  async #read(catalog: Catalog, { roots, paths }: ChosenRoots): Promise<BackupReport> {
    const { progress } = this.#session
    const { repository } = this.#opened
    const series: SeriesKey = { host: this.#tenant.users.tenant, paths }
    await repository.ensureIndex(this.#signal)
    // Later runs read only what changed, which says nothing about how much there is.
    const isFirst = catalog.base(catalog.series(series)) === undefined
    try {
      return await backUp({
        repository,
        catalog,
        series,
        roots,
        readers: readersOf(this.#asked.types, { client: this.#tenant.client, fileVersions: this.#asked.fileVersions }),
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

  #accounting(): AccountingSnapshot {
    return this.#tenant.client.accounting()
  }
}

function figures({ byStatusClass, ...counts }: AccountingSnapshot): Readonly<Record<string, number>> {
  const classes = Object.entries(byStatusClass).map(([status, count]) => [`status ${status}`, count] as const)
  return { ...counts, ...Object.fromEntries(classes) }
}
