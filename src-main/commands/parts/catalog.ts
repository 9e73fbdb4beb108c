import { catalogFile, openUpdatedCatalog, type Catalog, type OpenRepository } from '../../engine/index.ts'
import { describers } from './data-types.ts'
import { inProfile, type Session } from './session.ts'

/** Does something with the repository's catalog, brought in step with the repository before. */
export async function withCatalog<T>(
  session: Session,
  repository: OpenRepository,
  signal: AbortSignal,
  work: (catalog: Catalog) => Promise<T>,
): Promise<T> {
  const catalog = await inProfile(session, () => openCatalog(session, repository, signal))
  try {
    return await work(catalog)
  } finally {
    catalog.close()
  }
}

async function openCatalog(session: Session, repository: OpenRepository, signal: AbortSignal): Promise<Catalog> {
  const { progress, profile } = session
  try {
    return await openUpdatedCatalog({
      repository,
      file: catalogFile(profile, repository.config.id),
      describers,
      signal,
      onProgress: ({ snapshots, done, items }) => {
        const current = `reading the repository into the catalog (snapshot ${done + 1} of ${snapshots})`
        progress.update(() => ({ current, items }))
      },
    })
  } finally {
    progress.stop()
  }
}
