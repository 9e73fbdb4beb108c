import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../../src-main/commands/parts/parse-arguments.ts'
import { commandNames, createProgram } from '../../../../src-main/commands/parts/syntax.ts'
import { environmentName } from '../../../../src-main/commands/parts/option-values.ts'
import { clouds } from '../../../../src-main/graph/client/clouds.ts'
import { cloudNames } from '../../../../src-main/commands/parts/syntax.ts'
import { parse, refusal, valuesOf } from './parsing.ts'

describe('the arguments', () => {
  it('name a command and what it is about', () => {
    const { name, args, values } = parse(['restore', '/repo', 'latest', 'users/ada', 'users/bob', '--dry-run'])
    expect({ name, args }).toEqual({ name: 'restore', args: ['/repo', 'latest', 'users/ada', 'users/bob'] })
    expect(values.flag('dry-run')).toBe(true)
    expect(values.flag('office365-ignore-existing')).toBeUndefined()
    expect(values.text('restore-path')).toBeUndefined()
  })

  it('may have global options anywhere', () => {
    for (const args of [
      ['--json', '--profile', '/p', 'ls', '/repo', 'latest'],
      ['ls', '--json', '/repo', 'latest', '--profile=/p'],
    ]) {
      const values = valuesOf(args)
      expect([values.flag('json'), values.text('profile')]).toEqual([true, '/p'])
    }
  })

  it('may repeat options that take several values, without eating what follows', () => {
    const { values, args } = parse(['backup', '--include', 'users/a', '--include=users/b', '/repo'])
    expect(values.list('include')).toEqual(['users/a', 'users/b'])
    expect(args).toEqual(['/repo'])
    expect(values.list('exclude')).toEqual([])
  })

  it('know options and their opposites', () => {
    expect(valuesOf(['backup', '/repo']).flag('self-check')).toBeUndefined()
    expect(valuesOf(['backup', '/repo', '--no-self-check']).flag('self-check')).toBe(false)
    expect(valuesOf(['find', '/repo', '--attachment']).flag('attachment')).toBe(true)
    expect(valuesOf(['find', '/repo', '--no-attachment']).flag('attachment')).toBe(false)
    expect(valuesOf(['find', '/repo']).flag('attachment')).toBeUndefined()
  })

  it('are refused in a sentence', async () => {
    expect(await refusal(() => parse([]))).toMatch(/^No command was given/)
    expect(await refusal(() => parse(['bakup', '/repo']))).toMatch(
      /^Unknown command 'bakup' \(Did you mean backup\?\)\. /,
    )
    expect(await refusal(() => parse(['backup']))).toMatch(/^Missing required argument 'destination'\. /)
    expect(await refusal(() => parse(['check', '/repo', 'more']))).toMatch(/Expected 1 argument but got 2\. /)
    expect(await refusal(() => parse(['backup', '/repo', '--office365-cloud', 'moon']))).toContain('usgov-dod')
  })

  it('do not come back in an error, where they may be secrets', async () => {
    const mistyped = await refusal(() => parse(['backup', '/repo', "--office365-secret=it's-secret"]))
    expect(mistyped).toContain("'--office365-secret'")
    expect(mistyped).not.toContain('secret=')
    expect(await refusal(() => parse(['backup', '/repo', 'my-secret']))).not.toContain('my-secret')
  })

  it('ask for help and version', () => {
    const printed: string[] = []
    const place = { environment: {}, version: () => '1.2.3', print: (text: string) => void printed.push(text) }
    for (const args of [['--help'], ['backup', '--help'], ['--version']])
      expect(parseArguments(args, place)).toBeUndefined()
    const text = printed.join('')
    expect(text).toContain('Exit codes: 0 done')
    expect(text).toContain('--office365-tenant-id <id>')
    expect(text).toMatch(/\n1\.2\.3\n$/)
  })

  it('offer the clouds that there are', () => {
    expect([...cloudNames].sort()).toEqual(Object.keys(clouds).sort())
  })
})

describe('the environment', () => {
  it('stands in for every option of every command', () => {
    const program = createProgram(() => undefined)
    for (const name of commandNames) {
      const command = program.commands.find((candidate) => candidate.name() === name)
      const args = (command?.registeredArguments ?? []).flatMap((argument) =>
        argument.required ? [argument.argChoices?.[0] ?? 'latest'] : [],
      )
      for (const option of [...program.options, ...(command?.options ?? [])]) {
        const isFlag = !option.required && !option.optional
        const given = isFlag ? 'yes' : (option.argChoices?.[0] ?? '5')
        const values = valuesOf([name, ...args], { [environmentName(option.name())]: given })
        const key = option.name().replace(/^no-/, '')
        expect(values.has(key), `${name} --${option.name()}`).toBe(true)
        expect(values.isFromCommandLine(key)).toBe(false)
        if (isFlag) expect(values.flag(key)).toBe(!option.negate)
      }
    }
  })

  it('gives way to the command line, and does not count when it is empty', () => {
    const environment = { HOLDFAST_PROFILE: '/from-environment', HOLDFAST_RETRY_LOCK: '' }
    const values = valuesOf(['backup', '/repo', '--profile', '/typed'], environment)
    expect(values.text('profile')).toBe('/typed')
    expect(values.isFromCommandLine('profile')).toBe(true)
    expect(values.has('retry-lock')).toBe(false)
  })

  it('says yes and no for flags, and nothing else', async () => {
    expect(valuesOf(['backup', '/repo'], { HOLDFAST_JSON: '0' }).flag('json')).toBe(false)
    expect(valuesOf(['backup', '/repo'], { HOLDFAST_NO_SELF_CHECK: 'on' }).flag('self-check')).toBe(false)
    const odd = await refusal(() => valuesOf(['backup', '/repo'], { HOLDFAST_JSON: 'maybe' }))
    expect(odd).toBe('HOLDFAST_JSON must be yes or no, not "maybe".')
  })

  it('gives several values one a line, and checks choices', async () => {
    const values = valuesOf(['backup', '/repo'], { HOLDFAST_INCLUDE: 'users/a\nusers/b c\n' })
    expect(values.list('include')).toEqual(['users/a', 'users/b c'])
    const odd = await refusal(() => valuesOf(['backup', '/repo'], { HOLDFAST_OFFICE365_CLOUD: 'moon' }))
    expect(odd).toContain('must be one of global, usgov')
  })
})
