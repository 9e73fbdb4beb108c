import type { ContractDocument, Schema } from './contract-data.ts'
import type { Sink } from './finding.ts'
import { plainCheck } from './plain-checks.ts'

/** `about`: type and property that the value stands at. */
export type Check = (value: unknown, place: string, about: string, sink: Sink) => void

interface Property {
  readonly check: Check
  readonly navigation: boolean
  /** Type that declares it. */
  readonly owner: string
}

interface ObjectType {
  readonly name: string
  readonly properties: ReadonlyMap<string, Property>
  readonly lowerCased: ReadonlyMap<string, Property>
  readonly required: readonly string[]
  readonly open: boolean
}

const prefix = '#/components/schemas/'
const annotation =
  /^(@odata\.(context|type|id|etag|nextLink|deltaLink|count|editLink|readLink|navigationLink|associationLink|media[A-Za-z]+)|@removed|@microsoft\.graph\.\w+(\.\w+)*)$/
const propertyAnnotation = /^([^@]+)@(odata|microsoft\.graph)\.\w+(\.\w+)*$/

/**
 * Entities that are open only for the extensions that somebody registered or added: any other name is a mistake, and
 * Graph refuses it.
 */
const openForExtensions = new Set(
  ['message', 'event', 'contact', 'post', 'driveItem', 'group', 'user', 'directoryObject', 'team', 'organization'].map(
    (name) => `microsoft.graph.${name}`,
  ),
)

/** Long lists are judged by their first entries and their last one. */
const sampledFirst = 5

/** Checks made from the contract's schemas, each when it is first needed. */
export class SchemaChecks {
  private readonly schemas: Readonly<Record<string, Schema>>
  private readonly types = new Map<string, ObjectType>()
  private readonly named = new Map<string, Check>()
  private readonly compiled = new WeakMap<Schema, Check>()
  private readonly sample: boolean

  constructor({ components }: ContractDocument, options: { readonly sample?: boolean } = {}) {
    this.schemas = components.schemas
    this.sample = options.sample ?? false
  }

  /** The schema of that name. */
  byName(name: string): Check {
    const known = this.named.get(name)
    if (known !== undefined) return known
    const schema = this.schemas[name]
    if (schema === undefined) throw new Error(`No schema ${name}`)
    const made: { check?: Check } = {}
    // Types refer to one another in circles.
    const late: Check = (...parameters) => {
      made.check ??= this.compile(schema, name)
      made.check(...parameters)
    }
    this.named.set(name, late)
    return late
  }

  /** Any schema of the document. `name` is what its own properties are said to belong to. */
  compile(schema: Schema, name: string): Check {
    const known = this.compiled.get(schema)
    if (known !== undefined) return known
    const check = this.make(schema, name)
    this.compiled.set(schema, check)
    return check
  }

  private make(schema: Schema, name: string): Check {
    if (schema.$ref !== undefined) return this.byName(schema.$ref.replace(prefix, ''))
    if (schema.anyOf !== undefined) return this.alternatives(schema.anyOf, name)
    if (schema.allOf !== undefined || schema.properties !== undefined) {
      return nullable(schema.nullable === true, this.object(schema, name))
    }
    if (schema.type === 'array') return nullable(schema.nullable === true, this.list(schema.items, name))
    if (schema.type === undefined || schema.type === 'object') return () => undefined
    const check = plainCheck(schema)
    return nullable(schema.nullable === true, (value, place, about, sink) => {
      const problem = check(value)
      if (problem !== undefined) sink.add({ about, place, ...problem })
    })
  }

  private alternatives(schemas: readonly Schema[], name: string): Check {
    const isNull = ({ $ref }: Schema): boolean => $ref === `${prefix}Null`
    const checks = schemas.filter((schema) => !isNull(schema)).map((schema) => this.compile(schema, name))
    const [only] = checks
    if (only !== undefined && checks.length === 1) return nullable(schemas.some(isNull), only)
    return nullable(schemas.some(isNull), (value, place, about, sink) => {
      const tries = checks.map((check) => {
        const found: Parameters<Sink['add']>[0][] = []
        check(value, place, about, { ...sink, add: (finding) => found.push(finding) })
        return found
      })
      if (tries.some((found) => found.length === 0)) return
      for (const finding of tries[0] ?? []) sink.add(finding)
    })
  }

  private list(items: Schema | undefined, name: string): Check {
    const check = items === undefined ? undefined : this.compile(items, name)
    return (value, place, about, sink) => {
      if (!Array.isArray(value)) sink.add({ about, place, kind: 'shape', says: 'is no list' })
      else if (check !== undefined) {
        value.forEach((entry: unknown, index) => {
          const skipped = this.sample && index >= sampledFirst && index < value.length - 1
          if (!skipped) check(entry, `${place}[${String(index)}]`, about, sink)
        })
      }
    }
  }

  private object(schema: Schema, name: string): Check {
    const made: { type?: ObjectType } = {}
    return (value, place, about, sink) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        sink.add({ about, place, kind: 'shape', says: 'is no object' })
        return
      }
      made.type ??= this.objectType(schema, name)
      const type = this.derived(value, place, about, sink) ?? made.type
      checkProperties(type, value as Readonly<Record<string, unknown>>, place, sink)
    }
  }

  /** The type that an entity says it is of. */
  private derived(value: object, place: string, about: string, sink: Sink): ObjectType | undefined {
    const given = '@odata.type' in value ? value['@odata.type'] : undefined
    if (typeof given !== 'string') return undefined
    const name = given.replace('#', '')
    const known = this.types.get(name)
    if (known !== undefined) return known
    const schema = this.schemas[name]
    if (schema === undefined) {
      sink.add({ about, place, kind: 'unknown-type', says: `is of the unknown type ${name}` })
      return undefined
    }
    const type = this.objectType(schema, name)
    this.types.set(name, type)
    return type
  }

  private objectType(schema: Schema, name: string): ObjectType {
    const properties = new Map<string, Property>()
    const gathered = { open: false, required: [] as string[] }
    this.gather(schema, name, properties, gathered)
    const lowerCased = new Map([...properties].map(([key, property]) => [key.toLowerCase(), property]))
    return { name, properties, lowerCased, ...gathered }
  }

  private gather(
    schema: Schema,
    name: string,
    into: Map<string, Property>,
    gathered: { open: boolean; required: string[] },
  ): void {
    const reference = schema.$ref?.replace(prefix, '')
    if (reference !== undefined) {
      const target = this.schemas[reference]
      if (target === undefined) throw new Error(`No schema ${reference}`)
      this.gather(target, reference, into, gathered)
      return
    }
    for (const part of schema.allOf ?? []) this.gather(part, name, into, gathered)
    if (schema['x-open'] === true && !openForExtensions.has(name)) gathered.open = true
    gathered.required.push(...(schema.required ?? []))
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      into.set(key, { check: this.compile(property, name), navigation: property['x-nav'] === true, owner: name })
    }
  }
}

function nullable(allowed: boolean, check: Check): Check {
  return (value, place, about, sink) => {
    if (value !== null) check(value, place, about, sink)
    else if (!allowed) sink.add({ about, place, kind: 'null', says: 'is null' })
  }
}

function checkProperties(type: ObjectType, value: Readonly<Record<string, unknown>>, place: string, sink: Sink): void {
  for (const name of type.required) {
    if (value[name] === undefined) {
      sink.add({ about: `${type.name}.${name}`, place: `${place}.${name}`, kind: 'missing', says: 'is missing' })
    }
  }
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== undefined) checkProperty(type, name, entry, `${place}.${name}`, sink)
  }
}

function checkProperty(type: ObjectType, name: string, entry: unknown, place: string, sink: Sink): void {
  const property =
    type.properties.get(name) ?? (sink.anyCase === true ? type.lowerCased.get(name.toLowerCase()) : undefined)
  if (property !== undefined) {
    const about = `${property.owner}.${name}`
    if (property.navigation && sink.expanded?.has(name.toLowerCase()) === false) {
      sink.add({ about, place, kind: 'not-expanded', says: 'was not expanded' })
    } else property.check(entry, place, about, sink)
    return
  }
  if (name.includes('@')) {
    if (!isAnnotation(type, name)) {
      sink.add({ about: `${type.name}.${name}`, place, kind: 'annotation', says: 'is no known annotation' })
    }
  } else if (!type.open) {
    sink.add({ about: `${type.name}.${name}`, place, kind: 'undeclared', says: 'is not in the schema' })
  }
}

function isAnnotation(type: ObjectType, name: string): boolean {
  const [, property] = propertyAnnotation.exec(name) ?? []
  return property === undefined ? annotation.test(name) : type.open || type.properties.has(property)
}
