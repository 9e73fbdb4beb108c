import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where Microsoft's contract data lies, beside the checkout; not part of the project. */
const folder = fileURLToPath(new URL('../../../../shared/graph/', import.meta.url))

/** Undefined when the data is not there: nothing can be compared then. */
export const contractFolder: string | undefined = existsSync(`${folder}openapi-subset.json`) ? folder : undefined

/** A schema of OpenAPI 3.0 with the conventions that the document names under `x-conventions`. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly enum?: readonly (string | null)[]
  readonly required?: readonly string[]
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  /** A navigation property: there only when it was expanded. */
  readonly 'x-nav'?: boolean
  /** Undeclared properties are legal. */
  readonly 'x-open'?: boolean
  readonly 'x-flags'?: readonly string[]
}

export interface Media {
  readonly schema?: Schema
}

export interface Parameter {
  readonly $ref?: string
  readonly name?: string
}

export interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}

export interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const loaded = new Map<string, ContractDocument>()

/** Read once per process: it takes a moment. */
export function loadContract(from: string): ContractDocument {
  const known = loaded.get(from)
  if (known !== undefined) return known
  const document = JSON.parse(readFileSync(`${from}openapi-subset.json`, 'utf8')) as ContractDocument
  loaded.set(from, document)
  return document
}

export interface DocumentedExample {
  readonly name?: string
  /** Method and path of the contract, `GET /me/events/{event-id}`; missing when it has none for the example. */
  readonly operation?: string | null
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>> | null
  readonly requestBody: unknown
  readonly responseStatus: number | null
  readonly responseBody: unknown
}

/** The documented requests and answers, in the order of the documents. */
export function allExamples(from: string): readonly DocumentedExample[] {
  const lines = readFileSync(`${from}examples.jsonl`, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DocumentedExample)
}

/** Those that have a name, by it. */
export function documentedExamples(from: string): Map<string, DocumentedExample & { readonly responseStatus: number }> {
  return new Map(
    allExamples(from).flatMap((example) => {
      const { name, responseStatus } = example
      return name === undefined || responseStatus === null ? [] : [[name, { ...example, responseStatus }]]
    }),
  )
}
