import { existsSync, globSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

const root = join(import.meta.dirname, '..')
const canaryRoot = join(root, 'test/fixtures/import-canary')
const folders = ['src-shared', 'src-main', 'src-renderer', 'test/support']
const notCruised = 'src-main/engine/crypto/assembly/'

/** Reads every module below `baseDir` with the rules of .dependency-cruiser.cjs. */
async function readModules(baseDir: string): Promise<ICruiseResult> {
  const options = await extractDepcruiseOptions(join(root, '.dependency-cruiser.cjs'))
  const present = folders.filter((folder) => existsSync(join(baseDir, folder)))
  const { output } = await cruise(present, { ...options, baseDir })
  if (typeof output === 'string') throw new Error(`dependency-cruiser gave text instead of a result: ${output}`)
  return output
}

/** TypeScript files on disk that the cruiser did not read, or read without understanding them. */
function unreadFiles(baseDir: string, result: ICruiseResult): readonly string[] {
  const read = new Set(result.modules.map((module) => module.source))
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,mts,cts,svelte}`, { cwd: baseDir }))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.startsWith(notCruised) && !read.has(file))
}

function ruleNames(result: ICruiseResult): readonly string[] {
  const names = (result.summary.ruleSetUsed?.forbidden ?? []).map((rule) => rule.name ?? 'unnamed')
  return [...new Set(names)]
}

/** One sentence per thing that is wrong with the project's own imports. */
function faultsOfProject(result: ICruiseResult): readonly string[] {
  const violations = result.summary.violations.map(
    ({ rule, from, to, cycle }) => `${rule.name}: ${from} -> ${cycle?.map((step) => step.name).join(' -> ') ?? to}`,
  )
  const unread = unreadFiles(root, result).map((file) => `not read by dependency-cruiser: ${file}`)
  const empty = result.modules.length === 0 ? ['dependency-cruiser read no module at all'] : []
  return [...violations, ...unread, ...empty]
}

/** One sentence per rule that the canary breaks and that nobody reported. */
function faultsOfCanary(rules: readonly string[], result: ICruiseResult): readonly string[] {
  const bitten = new Set(result.summary.violations.map((violation) => violation.rule.name))
  const asleep = rules.filter((rule) => !bitten.has(rule))
  const none = rules.length === 0 ? ['no import rule is configured'] : []
  return [...none, ...asleep.map((rule) => `rule does not bite: ${rule} (see ${relative(root, canaryRoot)})`)]
}

const project = await readModules(root)
const canary = await readModules(canaryRoot)
const rules = ruleNames(project)
const asleep = faultsOfCanary(rules, canary)
const faults = [...faultsOfProject(project), ...asleep]
const modules = project.modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)))

for (const fault of faults) console.error(fault)
const violations = project.summary.violations.length
console.log(
  `import rules: ${modules.length} modules, ${violations} violations; ` +
    `canary: ${rules.length - asleep.length} of ${rules.length} rules bite`,
)
process.exitCode = faults.length === 0 ? 0 : 1
