import type { OnRequest } from '../../engine/ports/restore-target.ts'

/** What a restore does only when --restore-also names it. */
export const onRequestWords = [
  'permissions',
  'sharing-links',
  'versions',
  'members',
  'group-settings',
  'rules',
  'automatic-replies',
  'time-zone',
  'language',
  'working-hours',
  'profile',
  'photo',
] as const satisfies readonly OnRequest[]
