import type { IconName } from './icons.ts'
import type { Tone } from './types.ts'

export const toneIcons: Readonly<Record<Tone, IconName>> = {
  neutral: 'info',
  accent: 'info',
  good: 'check-circle',
  attention: 'attention',
  error: 'error',
  info: 'info',
}
