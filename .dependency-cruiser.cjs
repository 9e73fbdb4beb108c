'use strict'

/**
 * Who may import whom: the table of ARCHITECTURE.md as rules. Types count as imports.
 * Every rule has a file under test/fixtures/import-canary that breaks it; scripts/check-imports.ts fails when one
 * of them is not caught, so a rule that cannot bite (a typo, a compiler the cruiser cannot read) does not pass as "clean".
 */

/** Not installed, a library is named as it is imported; installed, by its path. */
const electron = '(^|node_modules/)electron(|-store|-updater)(/|$)'
const msal = '(^|node_modules/)@azure/msal'
const library = '(^|/)node_modules/'

/** A folder's files may import only these files of the project. Libraries have rules of their own. */
function only(name, from, allowed, comment) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from },
    to: { path: '^(src-|test/|scripts/)', pathNot: allowed },
  }
}

function never(name, from, to, comment) {
  return { name, severity: 'error', comment, from, to }
}

const general = [
  never('no-circular', {}, { circular: true }, 'Two modules that need each other are one module.'),
  never('no-unresolvable', {}, { couldNotResolve: true }, 'The import leads nowhere.'),
  never(
    'no-barrels',
    {
      path: '^src-.*(^|/)index\\.[cm]?[jt]s$',
      pathNot: '^src-main/engine/index\\.ts$|^src-shared/ipc/index\\.ts$|^src-renderer/src/lib/texts/index\\.ts$',
    },
    {},
    'Only engine/index.ts, src-shared/ipc/index.ts and the texts of the window gather what others import.',
  ),
  never('not-to-test', { path: '^src-' }, { path: '^(test|scripts)/' }, 'The product does not contain its tests.'),
  never(
    'not-to-dev-dependency',
    { path: '^src-', pathNot: '\\.config\\.ts$' },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: electron },
    'Not there once the package is installed; types are fine.',
  ),
  never('main-is-the-root', { path: '^src-' }, { path: '^src-main/main\\.ts$' }, 'main.ts wires; nobody imports it.'),
  never('main-not-to-renderer', { path: '^src-main/' }, { path: '^src-renderer/' }, 'They speak through ipc only.'),
]

const shared = [
  never(
    'shared-stands-alone',
    { path: '^src-shared/', pathNot: '^src-shared/ipc/contract[./]' },
    { pathNot: '^src-shared/' },
    'Runs in every process: no node:, no electron, no library.',
  ),
  never(
    'contract-only-zod',
    { path: '^src-shared/ipc/contract[./]' },
    { pathNot: '^src-shared/|^zod(/|$)|(^|/)node_modules/zod/' },
    'The contract may use zod and nothing else.',
  ),
]

const engine = [
  only('engine-stands-alone', '^src-main/engine/', '^src-main/engine/|^src-shared/model/', 'No Graph, no destination.'),
  never(
    'engine-few-libraries',
    { path: '^src-main/engine/' },
    {
      path: `${library}|^[a-z@]`,
      pathNot: `^src-|^(test|scripts)/|${electron}|(^|/)node_modules/(@types/)?(better-sqlite3|postal-mime)/`,
      dependencyTypesNot: ['core'],
    },
    'The catalog database and the mail parser; everything else comes through a port.',
  ),
  never(
    'engine-ports-and-model-are-plain',
    { path: '^src-main/engine/(ports|model)/' },
    { path: '^src-main/', pathNot: '^src-main/engine/(ports|model)/', dependencyTypesNot: ['type-only'] },
    'Adapters import these two: what they load, every adapter loads.',
  ),
]

const adapters = [
  only(
    'graph-only-ports-and-model',
    '^src-main/graph/',
    '^src-main/graph/|^src-main/engine/(ports|model)/|^src-shared/',
    'Not the inside of the engine, no destination, no sign-in.',
  ),
  never(
    'data-types-apart',
    { path: '^src-main/graph/([^/]+)/' },
    { path: '^src-main/graph/', pathNot: '^src-main/graph/($1|client|item|outlook|messages)/' },
    'Reading one data type means opening one folder; only the client, item (stored form), outlook (mailboxes) and messages (chats and channels) are common.',
  ),
  only(
    'destinations-only-ports-and-model',
    '^src-main/destinations/',
    '^src-main/destinations/|^src-main/graph/client/|^src-main/engine/(ports|model)/|^src-shared/',
    'Not the inside of the engine, no Graph data type, no sign-in; Graph itself by its client.',
  ),
  only(
    'auth-only-ports-and-model',
    '^src-main/auth/',
    '^src-main/auth/|^src-main/engine/(ports|model)/|^src-shared/',
    'Sign-in hands out tokens and knows nobody who uses them.',
  ),
  never(
    'msal-only-in-auth',
    { path: '^src-', pathNot: '^src-main/auth/' },
    { path: msal },
    'Every token comes from auth, through the token port.',
  ),
]

const shell = [
  only(
    'shell-not-inside-engine',
    '^src-main/(app|ipc|secrets|settings)/',
    [
      '^src-main/(app|ipc|secrets|settings)/',
      '^src-main/engine/(ports/|model/|index\\.ts$)',
      '^src-main/engine-host/client',
      '^src-shared/',
    ].join('|'),
    'The desktop drives the engine through its host, in another process.',
  ),
  never(
    'shell-engine-facade-types-only',
    { path: '^src-main/(app|ipc|secrets|settings)/' },
    { path: '^src-main/engine/index\\.ts$', dependencyTypesNot: ['type-only'] },
    'The engine runs in its host; here only its types.',
  ),
  never(
    'secrets-and-settings-not-to-window',
    { path: '^src-main/(secrets|settings)/' },
    { path: '^src-main/(app|ipc)/' },
    'The command line uses them without a window.',
  ),
  only(
    'preload-is-light',
    '^src-main/preload/',
    '^src-main/preload/|^src-shared/ipc/channels\\.ts$',
    'Transport only: channel names.',
  ),
  never(
    'preload-no-library',
    { path: '^src-main/preload/' },
    { pathNot: `^src-|${electron}` },
    'Nothing with weight in the sandbox, and no node:.',
  ),
  never(
    'electron-only-in-shell',
    { path: '^src-', pathNot: '^src-main/(main\\.ts$|app/|ipc/|preload/|secrets/|settings/|engine-host/client)' },
    { path: electron },
    'Everything else also runs under plain Node.',
  ),
]

const entries = [
  only(
    'commands-only-facade-and-adapters',
    '^src-main/commands/',
    '^src-main/(commands|graph|destinations|auth|secrets|settings)/|^src-main/engine/(ports/|model/|index\\.ts$)|^src-shared/',
    'What can be asked of Holdfast: not the inside of the engine, no terminal, no window.',
  ),
  only(
    'cli-only-commands',
    '^src-main/cli/',
    '^src-main/(cli|commands|graph|destinations|auth|secrets|settings)/|^src-main/engine/(ports/|model/|index\\.ts$)|^src-shared/',
    'Not the inside of the engine, no window.',
  ),
  never(
    'cli-never-reaches-electron',
    { path: '^src-main/cli/' },
    { path: electron, reachable: true },
    'The command line runs where Electron is not installed.',
  ),
  only(
    'engine-host-only-facade-and-adapters',
    '^src-main/engine-host/',
    '^src-main/(engine-host|commands|graph|destinations|auth|secrets|settings)/|^src-main/engine/(ports/|model/|index\\.ts$)|^src-shared/',
    'Not the inside of the engine, no window.',
  ),
  never(
    'engine-host-client-is-light',
    { path: '^src-main/engine-host/client' },
    { path: '^src-main/(commands|graph|destinations|auth|secrets)/' },
    'The window imports the client: it must not bring the engine with it.',
  ),
]

const renderer = [
  only('renderer-not-to-main', '^src-renderer/', '^src-renderer/|^src-shared/', 'They speak through ipc only.'),
  never('renderer-no-node', { path: '^src-renderer/' }, { dependencyTypes: ['core'] }, 'The page has no Node.'),
  never(
    'renderer-lib-below-all',
    { path: '^src-renderer/src/lib/' },
    { path: '^src-renderer/src/(ui|features|views)/' },
    'lib < ui < features < views.',
  ),
  never(
    'renderer-ui-below-features',
    { path: '^src-renderer/src/ui/' },
    { path: '^src-renderer/src/(features|views)/' },
    'lib < ui < features < views.',
  ),
  never(
    'renderer-features-below-views',
    { path: '^src-renderer/src/features/' },
    { path: '^src-renderer/src/views/' },
    'lib < ui < features < views.',
  ),
]

const test = [
  never(
    'simulator-stands-alone',
    { path: '^test/support/graph-simulator/' },
    { path: '^src-' },
    'It answers to the published contract of Graph, not to the client that it tests.',
  ),
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...general, ...shared, ...engine, ...adapters, ...shell, ...entries, ...renderer, ...test],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // AssemblyScript: not TypeScript, and nobody imports it.
    exclude: { path: '^src-main/engine/crypto/assembly/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
