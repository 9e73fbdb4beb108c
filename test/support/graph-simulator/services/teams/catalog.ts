import type { CatalogApp } from './stored.ts'

const store = (id: string, displayName: string): CatalogApp => ({
  id,
  externalId: null,
  displayName,
  distributionMethod: 'store',
  version: '1.0.0',
})

/** Apps that every tenant's catalog has. Ids of built-in tabs: https://learn.microsoft.com/graph/teams-configuring-builtin-tabs */
export const storeApps: readonly CatalogApp[] = [
  store('com.microsoft.teamspace.tab.web', 'Website'),
  store('com.microsoft.teamspace.tab.planner', 'Planner'),
  store('com.microsoft.teamspace.tab.files.sharepoint', 'SharePoint'),
  store('com.microsoft.teamspace.tab.wiki', 'Wiki'),
  store('0d820ecd-def2-4297-adad-78056cde7c78', 'OneNote'),
  store('14d6962d-6eeb-4f48-8890-de55454bb136', 'Activity'),
  store('20c3440d-c67e-4420-9f80-0e50c39693df', 'Calling'),
  store('06805b9e-77e3-4b93-ac81-525eb87513b8', 'Contoso'),
]
