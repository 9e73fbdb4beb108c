import { toBrowser } from '../addresses.ts'

/** Where scripts give the page addresses of the app's own schemes, Chromium gets those that stand for them. */
export function understandSchemes(schemes: readonly string[]): void {
  const known = (value: unknown): unknown => (typeof value === 'string' ? toBrowser(value, schemes) : value)
  wrapMethod(Element.prototype, 'setAttribute', (args) => {
    const [name, value] = args
    return /^(src|href|data|poster)$/i.test(String(name)) ? [name, known(value)] : args
  })
  wrapProperty(HTMLIFrameElement.prototype, 'src', known)
  wrapProperty(HTMLImageElement.prototype, 'src', known)
  wrapProperty(HTMLAnchorElement.prototype, 'href', known)
  wrapProperty(HTMLObjectElement.prototype, 'data', known)
  wrapProperty(HTMLEmbedElement.prototype, 'src', known)
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => fetch(known(input) as RequestInfo, init)
}

type Method = (this: object, ...args: unknown[]) => unknown

function wrapMethod(prototype: object, name: string, change: (args: readonly unknown[]) => readonly unknown[]): void {
  const own = Object.getOwnPropertyDescriptor(prototype, name)
  const method = own?.value as Method
  Object.defineProperty(prototype, name, {
    ...own,
    value(this: object, ...args: unknown[]) {
      return method.call(this, ...change(args))
    },
  })
}

function wrapProperty(prototype: object, name: string, known: (value: unknown) => unknown): void {
  const own = Object.getOwnPropertyDescriptor(prototype, name)
  if (own?.set === undefined) throw new Error(`there is no property ${name} to set`)
  const untouched: object = Object.create(null, { [name]: own }) as object
  Object.defineProperty(prototype, name, {
    ...own,
    set(this: object, value: unknown) {
      Reflect.set(untouched, name, known(value), this)
    },
  })
}
