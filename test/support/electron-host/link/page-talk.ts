/** What the page's process tells the one that owns the browser. */
export type Told =
  | { readonly type: 'pull'; readonly first: boolean }
  | {
      readonly type: 'message'
      readonly kind: 'invoke' | 'send'
      readonly channel: string
      readonly args: string
      readonly origin: string
    }

export type Answer = { readonly value: string } | { readonly error: string }

export interface Delivery {
  readonly channel: string
  readonly args: string
}
