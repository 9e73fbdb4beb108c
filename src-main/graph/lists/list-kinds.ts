import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, record } from '../item/fields.ts'
import { templateOf } from './site.ts'

/**
 * What is done with a list:
 * - `read`: it is backed up;
 * - `told`: it is left out, and whoever looks at the run's notices hears of it;
 * - `left-out`: nobody misses it: a library, which has its files elsewhere, or what SharePoint has for itself.
 */
export type Treatment = 'read' | 'told' | 'left-out'

/** Templates of libraries beside those that are called so. https://learn.microsoft.com/previous-versions/office/sharepoint-csom/ee541191(v=office.15) */
const libraries: ReadonlySet<string> = new Set(['xmlform', 'datasources', 'reportlibrary', 'pages'])

/** Templates of lists that SharePoint or an app fills: workflows, requests for access, feeds, galleries. */
const generated: ReadonlySet<string> = new Set([
  'accessrequest',
  'admintasks',
  'appdatacatalog',
  'customgrid',
  'developersitedraftapps',
  'healthreports',
  'healthrules',
  'maintenancelogs',
  'nocodepublic',
  'nocodeworkflows',
  'userinformation',
  'workflowhistory',
  'workflowprocess',
])

export function treatmentOf(list: JsonObject): Treatment {
  const template = templateOf(list).toLowerCase()
  if (template.endsWith('library') || libraries.has(template)) return 'left-out'
  if (isObject(list.system) || template.endsWith('catalog')) return 'left-out'
  const isHidden = record(list, 'list')?.hidden === true
  return isHidden || generated.has(template) ? 'told' : 'read'
}

export function isUserInformation(list: JsonObject): boolean {
  return templateOf(list).toLowerCase() === 'userinformation'
}
