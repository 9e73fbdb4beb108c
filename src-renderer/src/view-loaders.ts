import type { Component } from 'svelte'
import type { Destination, ViewName } from './lib/navigation.svelte.ts'

type View = Component<{ readonly target: Destination }>

const loaders: Readonly<Record<ViewName, () => Promise<{ readonly default: unknown }>>> = {
  home: () => import('./views/HomeView.svelte'),
  wizard: () => import('./views/WizardView.svelte'),
  browse: () => import('./views/BrowseView.svelte'),
  runs: () => import('./views/RunsView.svelte'),
  plans: () => import('./views/PlansView.svelte'),
  destinations: () => import('./views/DestinationsView.svelte'),
  accounts: () => import('./views/AccountsView.svelte'),
  settings: () => import('./views/SettingsView.svelte'),
  about: () => import('./views/AboutView.svelte'),
}

/** Each view comes when it is first shown. It is given where the window went; one that needs nothing takes nothing. */
export async function loadView(name: ViewName): Promise<View> {
  const { default: view } = await loaders[name]()
  return view as View
}
