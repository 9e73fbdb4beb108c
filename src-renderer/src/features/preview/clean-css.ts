/** The address to show in the place of a picture's, or null: no picture. */
export type PictureOf = (address: string) => string | null

const plainly =
  /url\(|image|cross-fade|element\(|paint\(|src\(|var\(|env\(|attr\(|position|behavior|binding|expression|--|\\|<|@/i
const functions = /image\(|image-set\(|cross-fade\(|element\(|paint\(|src\(|var\(|env\(|attr\(|expression\(|</i
const address = /url\("((?:[^"\\]|\\.)*)"\)/g

/** The declarations of a style attribute without what asks for anything or leaves its place. */
export function cleanDeclarations(text: string, picture: PictureOf): string {
  const sheet = new CSSStyleSheet()
  sheet.insertRule('a {}')
  const [rule] = sheet.cssRules
  if (!(rule instanceof CSSStyleRule)) return ''
  rule.style.cssText = text
  return declarationsOf(rule.style, picture)
}

/** A style sheet without imports, fonts, and what asks for anything or leaves its place. */
export function cleanSheet(text: string, picture: PictureOf): string {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return rulesOf(sheet.cssRules, picture)
}

function rulesOf(rules: CSSRuleList, picture: PictureOf): string {
  return Array.from(rules, (rule) => ruleOf(rule, picture))
    .filter((text) => text !== '' && !text.includes('<'))
    .join('\n')
}

function ruleOf(rule: CSSRule, picture: PictureOf): string {
  if (rule instanceof CSSMediaRule) {
    // A mail is shown on a white sheet, whatever the theme is.
    if (rule.conditionText.includes('prefers-color-scheme')) return ''
    const rules = rulesOf(rule.cssRules, picture)
    if (rules === '' || rule.conditionText === 'all') return rules
    return `@media ${rule.conditionText} {\n${rules}\n}`
  }
  if (!(rule instanceof CSSStyleRule)) return ''
  const declarations = declarationsOf(rule.style, picture)
  return declarations === '' ? '' : `${rule.selectorText} { ${declarations} }`
}

function declarationsOf(style: CSSStyleDeclaration, picture: PictureOf): string {
  // As the parser understood it, so escapes hide nothing.
  if (!plainly.test(style.cssText)) return style.cssText
  return Array.from(style, (name) => declarationOf(style, name, picture))
    .filter((declaration) => declaration !== '')
    .join(' ')
}

function declarationOf(style: CSSStyleDeclaration, name: string, picture: PictureOf): string {
  const value = valueOf(name, style.getPropertyValue(name), picture)
  if (value === null || value === '') return ''
  return `${name}: ${value}${style.getPropertyPriority(name) === 'important' ? ' !important' : ''};`
}

function valueOf(name: string, value: string, picture: PictureOf): string | null {
  if (name.startsWith('--') || functions.test(value)) return null
  if (name === 'position' && /fixed|sticky/.test(value)) return null
  if (!/url\(/i.test(value)) return value
  if (name !== 'background-image' && name !== 'list-style-image') {
    for (const [, found = ''] of value.matchAll(address)) picture(found)
    return null
  }
  return withPictures(value, picture)
}

function withPictures(value: string, picture: PictureOf): string | null {
  const shown = value.replaceAll(address, (_whole, found: string) => {
    const put = picture(found)
    return put === null ? 'none' : `url("${put.replaceAll(/["\\\n]/g, encodeURIComponent)}")`
  })
  return shown.includes('none') ? shown.replaceAll(/\burl\((?!")[^)]*\)/g, 'none') : shown
}
