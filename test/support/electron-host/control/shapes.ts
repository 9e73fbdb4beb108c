export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Switch {
  readonly name: string
  readonly value: string
}
