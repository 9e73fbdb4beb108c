import { parseAddress } from '../graph-simulator/routes/address.ts'
import { routes } from '../graph-simulator/routes/table.ts'
import type { OperationIndex } from './operations.ts'

/** The operations of the contract that the simulator has a route for. */
export function simulatedOperations(index: OperationIndex): ReadonlySet<string> {
  return new Set(index.names().filter(isSimulated))
}

function isSimulated(name: string): boolean {
  const [method = '', path = ''] = name.split(' ')
  if (path === '/$batch') return true
  const address = parseAddress(examplePath(path))
  if (address === undefined || !routes.has(`${method} ${address.template}`)) return false
  // Or the name of a function would pass for the id of something.
  return Object.values(address.parameters).every(
    (value) => value === undefined || !(value.includes('(') || path.includes(`/${value}`)),
  )
}

/** Some path of that form. */
function examplePath(path: string): string {
  return path
    .replace(/^\//, '')
    .replace(/\{item-path\}/g, 'folder 1/file')
    .replace(/'?\{[^}]*\}'?/g, (name) => (name.startsWith("'") ? "'id 1'" : 'id 1'))
}
