import { getDocument, GlobalWorkerOptions, PasswordException, type PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = workerUrl

/** A PDF and what ends its worker. */
export interface OpenPdf {
  readonly document: PDFDocumentProxy
  readonly close: () => Promise<void>
}

/** Opens a PDF in a worker of its own. Nothing is fetched, no script of the document runs. Throws PasswordNeeded. */
export async function openPdf(data: Uint8Array): Promise<OpenPdf> {
  const task = getDocument({
    // The worker takes the bytes away from whoever gives them.
    data: data.slice(),
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
    disableAutoFetch: true,
    disableStream: true,
    verbosity: 0,
  })
  const close = (): Promise<void> => task.destroy()
  try {
    return { document: await task.promise, close }
  } catch (cause) {
    await close()
    throw cause instanceof PasswordException ? new PasswordNeeded() : cause
  }
}

export class PasswordNeeded extends Error {}

/** Draws a page as wide as asked, in px of the page, and gives its text. */
export async function drawPage(
  { document }: OpenPdf,
  number: number,
  canvas: HTMLCanvasElement,
  width: number,
  signal: AbortSignal,
): Promise<string> {
  const page = await document.getPage(number)
  signal.throwIfAborted()
  const density = Math.min(2, window.devicePixelRatio)
  const natural = page.getViewport({ scale: 1 })
  const viewport = page.getViewport({ scale: (width / natural.width) * density })
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  const render = page.render({ canvas, viewport })
  const cancel = (): void => render.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    await render.promise
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  const { items } = await page.getTextContent()
  return items.map((item) => ('str' in item ? item.str : '')).join(' ')
}
