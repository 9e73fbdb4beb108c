#!/usr/bin/env node
// Runs the built app on the stand-in for people: HOLDFAST_HEADED=1 shows its windows, otherwise it runs without any.
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isHeaded } from './browser/chromium.ts'
import { launchApp } from './launch.ts'

const [, , ...args] = process.argv
const named = args.find((argument) => argument.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length)
const profile = named ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'holdfast-stand-in')
mkdirSync(profile, { recursive: true })

const app = await launchApp({ profile, args, echo: true })
console.log(
  `Holdfast runs on the ${app.hostName}, ${isHeaded ? 'in windows' : 'without a screen'} (HOLDFAST_HEADED=1 shows windows)`,
)
console.log(`Its data: ${profile}`)
for (const page of app.pages()) console.log(`A window: ${app.urlOf(page)}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
const { code } = await app.exited
process.exitCode = code ?? 1
