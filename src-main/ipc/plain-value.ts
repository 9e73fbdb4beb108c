const MOST_DEPTH = 24
const MOST_NODES = 200_000

/**
 * Whether a value is plain data (as JSON has it) of at most so many characters: what comes from the page may be
 * anything that can be cloned, cycles included.
 */
export function isPlainValue(value: unknown, mostCharacters: number): boolean {
  const budget = { characters: mostCharacters, nodes: MOST_NODES }
  return fits(value, budget, 0)
}

interface Budget {
  characters: number
  nodes: number
}

function fits(value: unknown, budget: Budget, depth: number): boolean {
  if (--budget.nodes < 0 || depth > MOST_DEPTH) return false
  switch (typeof value) {
    case 'string':
      return (budget.characters -= value.length) >= 0
    case 'number':
    case 'boolean':
    case 'undefined':
      return true
    case 'object':
      return value === null || fitsInside(value, budget, depth)
    default:
      return false
  }
}

function fitsInside(value: object, budget: Budget, depth: number): boolean {
  if (Array.isArray(value)) return value.every((item) => fits(item, budget, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  return Object.entries(value).every(([key, held]) => {
    budget.characters -= key.length
    return budget.characters >= 0 && fits(held, budget, depth + 1)
  })
}
