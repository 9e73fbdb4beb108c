import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { icns, ico } from './icons/containers.ts'
import { appIcon, trayIcon, trayStates } from './icons/mark.ts'
import { png } from './icons/png.ts'
import { paint, type Colour, type Picture } from './icons/raster.ts'

const resources = join(import.meta.dirname, '../resources')
const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

/** Names that Electron and macOS look for: a scale behind the name. */
const trayScales = [
  ['', 16],
  ['@1.5x', 24],
  ['@2x', 32],
  ['@3x', 48],
] as const

/** For panels that are light, and dark. */
const inks: Readonly<Record<string, Colour>> = { light: [38, 50, 56], dark: [240, 244, 246] }

function appPicture(size: number): Picture {
  return paint(appIcon(size, 0.6), size)
}

/** macOS wants room around the icon's ground. */
function macPicture(size: number): Picture {
  return paint(appIcon(size, 2.35), size)
}

function drawAppIcons(): number {
  const folder = join(resources, 'icons')
  mkdirSync(folder, { recursive: true })
  const pictures = iconSizes.map(appPicture)
  for (const picture of pictures)
    writeFileSync(join(folder, `${String(picture.size)}x${String(picture.size)}.png`), png(picture))
  writeFileSync(join(folder, 'icon.ico'), ico(pictures.filter(({ size }) => size <= 256)))
  writeFileSync(join(folder, 'icon.icns'), icns(macPicture))
  return pictures.length + 2
}

function drawTrayIcons(): number {
  const folder = join(resources, 'tray')
  mkdirSync(folder, { recursive: true })
  let drawn = 0
  const draw = (name: string, ...[state, ink, template, size]: [...Parameters<typeof trayIcon>, number]): void => {
    writeFileSync(join(folder, `${name}.png`), png(paint(trayIcon(state, ink, template), size)))
    drawn++
  }
  for (const state of trayStates) {
    for (const [panel, ink] of Object.entries(inks))
      for (const [scale, size] of trayScales) draw(`${state}-${panel}${scale}`, state, ink, false, size)
    for (const [scale, size] of [
      ['', 16],
      ['@2x', 32],
    ] as const)
      draw(`${state}Template${scale}`, state, [0, 0, 0], true, size)
  }
  return drawn
}

console.log(`resources: ${String(drawAppIcons() + drawTrayIcons())} icons drawn`)
