import { getContext, setContext } from 'svelte'

const key = Symbol('layer target')

type Target = () => Element

/** For a dialog: what opens inside it belongs to it, also for a screen reader, which sees nothing outside. */
export function holdLayers(holder: () => Element | undefined): void {
  setContext<Target>(key, () => holder() ?? document.body)
}

/** Where menus, lists and tooltips are put: the dialog around them, or the page's main landmark, which must stay. */
export function layerTarget(): Target {
  return getContext<Target | undefined>(key) ?? (() => document.querySelector('main') ?? document.body)
}
