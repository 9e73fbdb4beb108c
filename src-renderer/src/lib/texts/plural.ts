import { formatNumber } from '../../../../src-shared/text/amounts.ts'

/** Forms of one text by plural category; `{count}` stands for the number. English needs `one` and `other`. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

const rules = new Intl.PluralRules('en')

/** The form that fits the number, filled: `plural(2, { one: '{count} item', other: '{count} items' })` is "2 items". */
export function plural(count: number, forms: PluralForms): string {
  const form = forms[rules.select(count)] ?? forms.other
  return form.replaceAll('{count}', formatNumber(count))
}
