/**
 * The policy that the shell gives the page, with no leave for styles in the markup; frames come from an address of their
 * own there as here.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' blob: data:",
  "worker-src 'self' blob:",
  'frame-src https://preview.test',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * What a page shows for some seconds only stays: a test whose process stands still for as long would never see it. Runs
 * in the page.
 */
export const stayingScript = `{
  const soon = window.setTimeout
  window.setTimeout = (call, milliseconds, ...given) => (milliseconds >= 5_000 ? 0 : soon(call, milliseconds, ...given))
}`

/**
 * `window.holdfast` as the preload script makes it, over two functions of the test. A string: this project's tests are
 * not compiled for a page.
 */
export const bridgeScript = `
  if (window.top === window) {
    const listeners = new Map()
    const of = (topic) => listeners.get(topic) ?? listeners.set(topic, new Set()).get(topic)
    window.holdfastEvent = ({ topic, value }) => of(topic).forEach((listener) => listener(value))
    Object.defineProperty(window, 'holdfast', {
      value: Object.freeze({
        // What crosses to main is copied as the structured clone does it: proxies and functions are refused.
        invoke: async (method, params) => window.holdfastInvoke(method, structuredClone(params)),
        subscribe: (topic, listener) => {
          of(topic).add(listener)
          window.holdfastSubscribed(topic).then((value) => {
            if (value !== null && of(topic).has(listener)) listener(value)
          })
          return () => of(topic).delete(listener)
        },
      }),
    })
  }
`
