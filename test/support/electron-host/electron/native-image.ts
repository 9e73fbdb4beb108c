import { existsSync, readFileSync } from 'node:fs'
import type { AddRepresentationOptions, CreateFromBufferOptions, NativeImage, Size } from 'electron'
import type { RecordedImage } from '../control/recorded.ts'
import { pngSize } from './png.ts'

const scales = [1.25, 1.33, 1.4, 1.5, 1.8, 2, 2.5, 3, 4, 5]

/** A picture by its PNG files. It reads their sizes; it does not draw. */
export class StandInImage {
  isMacTemplateImage: boolean
  readonly #path: string | undefined
  readonly #bytes = new Map<number, Buffer>()

  constructor(path?: string) {
    this.#path = path
    this.isMacTemplateImage = path !== undefined && /Template(@[\d.]+x)?\.png$/.test(path)
  }

  /** Ignored if it is no PNG, as Electron ignores what it cannot decode. */
  add(scale: number, bytes: Buffer): this {
    if (pngSize(bytes) !== undefined) this.#bytes.set(scale, bytes)
    return this
  }

  isEmpty = (): boolean => this.#bytes.size === 0
  isTemplateImage = (): boolean => this.isMacTemplateImage
  setTemplateImage = (option: boolean): void => void (this.isMacTemplateImage = option)
  getScaleFactors = (): number[] => [...this.#bytes.keys()].sort((one, other) => one - other)

  /** In points: pixels divided by the scale. */
  getSize = (scaleFactor?: number): Size => {
    const scale = scaleFactor ?? this.getScaleFactors()[0] ?? 1
    const bytes = this.#bytes.get(scale)
    const { width, height } = (bytes === undefined ? undefined : pngSize(bytes)) ?? { width: 0, height: 0 }
    return { width: Math.round(width / scale), height: Math.round(height / scale) }
  }

  getAspectRatio = (): number => {
    const { width, height } = this.getSize()
    return height === 0 ? 1 : width / height
  }

  toPNG = (options: { readonly scaleFactor?: number } = {}): Buffer =>
    this.#bytes.get(options.scaleFactor ?? this.getScaleFactors()[0] ?? 1) ?? Buffer.alloc(0)

  toDataURL = (): string => `data:image/png;base64,${this.toPNG().toString('base64')}`

  addRepresentation = ({ scaleFactor = 1, buffer, dataURL }: AddRepresentationOptions): void => {
    const bytes = dataURL === undefined ? buffer : bytesOfDataUrl(dataURL)
    if (bytes !== undefined) this.add(scaleFactor, bytes)
  }

  recorded(): RecordedImage {
    const { width, height } = this.getSize()
    const [scaleFactors, template] = [this.getScaleFactors(), this.isMacTemplateImage]
    return { path: this.#path, empty: this.isEmpty(), width, height, scaleFactors, template }
  }
}

function bytesOfDataUrl(url: string): Buffer {
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}

/** With the files of other scales beside it: `icon@2x.png`. */
function fromPath(path: string): StandInImage {
  const image = new StandInImage(path)
  if (existsSync(path)) image.add(1, readFileSync(path))
  for (const scale of scales) {
    const other = path.replace(/(\.[a-z]+)$/i, `@${String(scale)}x$1`)
    if (other !== path && existsSync(other)) image.add(scale, readFileSync(other))
  }
  return image
}

export const nativeImage = {
  createEmpty: () => new StandInImage(),
  createFromPath: fromPath,
  createFromBuffer: (buffer: Buffer, { scaleFactor = 1 }: CreateFromBufferOptions = {}) =>
    new StandInImage().add(scaleFactor, buffer),
  createFromDataURL: (url: string) => new StandInImage().add(1, bytesOfDataUrl(url)),
}

nativeImage satisfies Record<
  keyof typeof nativeImage,
  (...given: never) => Pick<NativeImage, keyof StandInImage & keyof NativeImage>
>

/** A file's path stands for its picture wherever Electron takes one. */
export function imageOf(image: NativeImage | StandInImage | string): StandInImage {
  if (typeof image === 'string') return fromPath(image)
  if (image instanceof StandInImage) return image
  throw new Error('an image was not made by nativeImage')
}
