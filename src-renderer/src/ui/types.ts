import type { IconName } from './icons.ts'

export type Tone = 'neutral' | 'accent' | 'good' | 'attention' | 'error' | 'info'

export interface Option {
  readonly value: string
  readonly label: string
  readonly description?: string
  readonly icon?: IconName
  readonly disabled?: boolean
}

/** What the fields have in common. */
export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly hideLabel?: boolean
  readonly disabled?: boolean
  readonly required?: boolean
}

export type MenuEntry =
  | 'separator'
  | {
      readonly label: string
      readonly onselect: () => void
      readonly icon?: IconName
      readonly danger?: boolean
      readonly disabled?: boolean
      readonly description?: string
    }

export interface Column {
  readonly key: string
  readonly title: string
  /** A grid track: `120px`, `minmax(0, 2fr)`. */
  readonly width?: string
  readonly align?: 'start' | 'end'
  readonly sortable?: boolean
  readonly hideTitle?: boolean
}

export interface Sort {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

export interface Step {
  readonly id: string
  readonly label: string
  readonly state: 'done' | 'current' | 'todo' | 'error'
}

export interface Tab {
  readonly value: string
  readonly label: string
  readonly icon?: IconName
  readonly count?: number
}

export interface TimelineEntry {
  readonly id: string
  readonly title: string
  readonly time: string
  readonly text?: string
  readonly tone?: Tone
  readonly icon?: IconName
}

export interface KeyValueItem {
  readonly label: string
  readonly value?: string
  /** Shown when the pointer rests on it; default: the value. */
  readonly title?: string
}

export interface ChartPoint {
  readonly x: number
  /** Null: nothing is known there, and the line has a gap. */
  readonly y: number | null
}

export interface ChartSeries {
  readonly label: string
  readonly points: readonly ChartPoint[]
  readonly tone?: Tone
}

export interface TreeNode {
  /** Unique in the tree. */
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  readonly hasChildren: boolean
  readonly count?: number
  readonly muted?: boolean
}

export interface TreePage {
  readonly nodes: readonly TreeNode[]
  /** There are more: what `load` takes to go on. */
  readonly next?: string | undefined
}
