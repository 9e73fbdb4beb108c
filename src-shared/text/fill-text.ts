import { printable } from './printable.ts'

export type TextValues = Readonly<Record<string, string | number | boolean>>

/** A text with `{placeholders}`, or several, the one that says most first: the first that can be filled is taken. */
export type TextTemplate = string | readonly string[]

const placeholder = /\{(\w+)\}/g

/** The text with its placeholders filled; undefined if no variant can be. */
export function fillText(template: TextTemplate, values: TextValues): string | undefined {
  const variants = typeof template === 'string' ? [template] : template
  const variant = variants.find((text) => namesIn(text).every((name) => values[name] !== undefined))
  return variant?.replaceAll(placeholder, (_whole, name: string) => printable(String(values[name])))
}

function namesIn(text: string): string[] {
  return Array.from(text.matchAll(placeholder), ([, name]) => name ?? '')
}
