import type { StoredSite } from '../sites/stored.ts'
import type { NewList } from './new-lists.ts'

const gallery = (displayName: string, template: string): NewList => ({
  displayName,
  template,
  hidden: true,
  system: true,
})

/** What SharePoint makes for itself in every site; some of it only in the topmost site of a collection. */
export function systemLists(site: StoredSite): readonly NewList[] {
  const everywhere = [gallery('Master Page Gallery', 'masterPageCatalog'), gallery('Composed Looks', 'designCatalog')]
  if (site.parent !== undefined) return everywhere
  return [
    ...everywhere,
    gallery('List Template Gallery', 'listTemplateCatalog'),
    gallery('Solution Gallery', 'solutionCatalog'),
    gallery('Theme Gallery', 'themeCatalog'),
    gallery('Web Part Gallery', 'webPartCatalog'),
    gallery('TaxonomyHiddenList', 'genericList'),
  ]
}
