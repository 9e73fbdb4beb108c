import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where Microsoft's contract data lies, beside the checkout; not part of the project. */
const folder = fileURLToPath(new URL('../../../../shared/graph/', import.meta.url))

export const contractFolder: string | undefined = existsSync(`${folder}openapi-subset.json`) ? folder : undefined

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly enum?: readonly string[]
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** Checks values against the schemas of the published contract. */
export class Contract {
  private readonly schemas: Readonly<Record<string, Schema>>

  constructor(from: string) {
    this.schemas = (JSON.parse(readFileSync(`${from}openapi-subset.json`, 'utf8')) as Document).components.schemas
  }

  /** What is wrong with the value, each with its place; empty when it fits. */
  problems(name: string, value: unknown): string[] {
    return this.check({ $ref: `#/components/schemas/${name}` }, value, name)
  }

  private check(schema: Schema, value: unknown, place: string): string[] {
    if (schema.$ref !== undefined) return this.check(this.named(schema.$ref), value, place)
    if (schema.anyOf !== undefined) return this.checkAny(schema.anyOf, value, place)
    if (value === null) return schema.nullable === true ? [] : [`${place} is null`]
    if (schema.allOf !== undefined || schema.properties !== undefined) return this.checkObject(schema, value, place)
    if (schema.type === 'array') return this.checkList(schema, value, place)
    return checkPlain(schema, value, place)
  }

  private checkAny(schemas: readonly Schema[], value: unknown, place: string): string[] {
    if (value === null)
      return schemas.some((schema) => schema.$ref?.endsWith('/Null') === true) ? [] : [`${place} is null`]
    const found = schemas
      .filter((schema) => schema.$ref?.endsWith('/Null') !== true)
      .map((schema) => this.check(schema, value, place))
    return found.find((problems) => problems.length === 0) ?? found[0] ?? []
  }

  private checkObject(schema: Schema, value: unknown, place: string): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place} is no object`]
    const properties = this.propertiesOf(this.derived(value) ?? schema)
    return Object.entries(value).flatMap(([name, entry]) => {
      if (name.startsWith('@')) return []
      const known = properties.get(name)
      return known === undefined
        ? [`${place}.${name} is not in the schema`]
        : this.check(known, entry, `${place}.${name}`)
    })
  }

  /** The schema of the type an entity says it is of. */
  private derived(value: object): Schema | undefined {
    const type = '@odata.type' in value ? value['@odata.type'] : undefined
    return typeof type === 'string' ? this.named(type.replace('#', '')) : undefined
  }

  private checkList(schema: Schema, value: unknown, place: string): string[] {
    if (!Array.isArray(value)) return [`${place} is no list`]
    const { items } = schema
    return items === undefined
      ? []
      : value.flatMap((entry, index) => this.check(items, entry, `${place}[${String(index)}]`))
  }

  private propertiesOf(schema: Schema): Map<string, Schema> {
    const resolved = schema.$ref === undefined ? schema : this.named(schema.$ref)
    const inherited = (resolved.allOf ?? []).flatMap((part) => [...this.propertiesOf(part)])
    return new Map([...inherited, ...Object.entries(resolved.properties ?? {})])
  }

  private named(reference: string): Schema {
    const schema = this.schemas[reference.replace('#/components/schemas/', '')]
    if (schema === undefined) throw new Error(`No schema ${reference}`)
    return schema
  }
}

function checkPlain(schema: Schema, value: unknown, place: string): string[] {
  const type = schema.type === 'integer' ? 'number' : schema.type
  if (type !== undefined && typeof value !== type) return [`${place} is ${typeof value}, not ${schema.type ?? ''}`]
  if (schema.type === 'integer' && !Number.isInteger(value)) return [`${place} is no whole number`]
  if (typeof value !== 'string') return []
  if (schema.enum?.includes(value) === false) return [`${place} is "${value}", none of ${schema.enum.join(', ')}`]
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)
  return schema.format === 'date-time' && !isDate ? [`${place} is no date`] : []
}

export interface DocumentedExample {
  readonly name?: string
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>> | null
  readonly requestBody: unknown
  readonly responseStatus: number
}

/** The documented requests, by name. */
export function documentedExamples(from: string): Map<string, DocumentedExample> {
  const lines = readFileSync(`${from}examples.jsonl`, 'utf8').split('\n')
  const examples = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DocumentedExample)
  return new Map(examples.flatMap((example) => (example.name === undefined ? [] : [[example.name, example]])))
}
