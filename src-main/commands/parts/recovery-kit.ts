import { formatMoment } from '../../../src-shared/text/amounts.ts'
import type { StoredKey } from '../../engine/index.ts'

export interface RecoveryKit {
  /** Where the repository is, as a person would write it. */
  readonly location: string
  /** The folder, if restic can be pointed at it as it is. */
  readonly folder: string | undefined
  readonly repositoryId: string
  readonly keys: readonly StoredKey[]
  /** Undefined: it is written in by hand. */
  readonly passphrase: string | undefined
  /** Milliseconds since 1970. */
  readonly made: number
}

interface Section {
  readonly title: string
  readonly lines: readonly string[]
  /** To be typed as they stand. */
  readonly commands?: readonly string[]
}

const TITLE = 'Holdfast recovery kit'
const BY_HAND = '________________________________________'
const SHORT = 8

/** The kit as plain text. */
export function recoveryText(kit: RecoveryKit): string {
  const sections = sectionsOf(kit).map(({ title, lines, commands = [] }) =>
    [title.toUpperCase(), '', ...lines, ...commands.map((command) => `    ${command}`)].join('\n'),
  )
  return `${[TITLE, ...sections].join('\n\n\n')}\n`
}

/** The kit as a page to be printed: one file, nothing loaded from anywhere. */
export function recoveryPage(kit: RecoveryKit): string {
  const sections = sectionsOf(kit).map(({ title, lines, commands = [] }) => {
    const code = commands.length === 0 ? '' : `<pre>${commands.map(escape).join('\n')}</pre>`
    return `<section><h2>${escape(title)}</h2>${lines.map((line) => `<p>${escape(line)}</p>`).join('')}${code}</section>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${TITLE}</title>
<style>
body { font: 12pt/1.5 system-ui, sans-serif; max-width: 42em; margin: 2em auto; padding: 0 1em; color: #000; background: #fff }
h1 { font-size: 20pt } h2 { font-size: 14pt; margin: 1.5em 0 .3em } p { margin: .3em 0; overflow-wrap: anywhere }
pre { font: 10pt/1.6 monospace; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #000; padding: .6em }
section { break-inside: avoid }
</style>
</head>
<body>
<h1>${TITLE}</h1>
${sections.join('\n')}
</body>
</html>
`
}

function sectionsOf(kit: RecoveryKit): readonly Section[] {
  const { location, repositoryId, keys, passphrase, made } = kit
  return [
    {
      title: 'Keep this safe',
      lines: [
        'Whoever has the files of the repository and its passphrase can read everything in it. Without the passphrase nobody can.',
        `Made ${formatMoment(made)}.`,
      ],
    },
    { title: 'Where the repository is', lines: [location, `Repository ${repositoryId}`] },
    {
      title: 'Passphrase',
      lines: passphrase === undefined ? ['Write it here:', BY_HAND] : [],
      ...(passphrase === undefined ? {} : { commands: [passphrase] }),
    },
    { title: 'Keys of the repository', lines: keys.map(keyLine) },
    {
      title: 'How to restore with Holdfast',
      lines: ['On any machine with Holdfast; no tenant and no sign-in to it is needed to restore to disk:'],
      commands: [
        `holdfast snapshots ${quoted(kit.folder ?? location)}`,
        `holdfast restore ${quoted(kit.folder ?? location)} latest --restore-path=restored`,
      ],
    },
    resticSection(kit),
  ]
}

/** The repository is restic's: nobody needs Holdfast for it. */
function resticSection({ folder }: RecoveryKit): Section {
  const place = folder ?? 'folder-with-the-repository'
  return {
    title: 'How to restore without Holdfast',
    lines: [
      'The repository has the format of restic (https://restic.net), version 0.14 or later.',
      ...(folder === undefined
        ? ['First download the whole folder of the repository (it has "config", "data", "index", "keys", "snapshots").']
        : []),
    ],
    commands: [
      `restic -r ${quoted(place)} snapshots`,
      `restic -r ${quoted(place)} restore latest --target restored`,
      `restic -r ${quoted(place)} check --read-data`,
    ],
  }
}

function keyLine({ id, username, hostname, created }: StoredKey): string {
  const day = created.slice(0, 'yyyy-mm-dd'.length)
  return `${id.slice(0, SHORT)}, made by ${username === '' ? 'somebody' : username} on ${hostname === '' ? 'some machine' : hostname}, ${day}`
}

/** For a shell, where need be. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
