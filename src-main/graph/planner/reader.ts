import type { Container, ContainerListing, DataTypeReader, ItemDescriber, Root } from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { readPlans } from './plan-listing.ts'
import type { ListedPlans } from './plan-listing.ts'
import type { Planner } from './planner-request.ts'
import { sourceOf } from './source.ts'
import type { PlannerListing, PlannerSource } from './source.ts'
import { readTask, taskBody, taskChanges } from './task-listing.ts'
import { listedProperties } from './task-properties.ts'
import { taskIdentity, taskMetadata, taskRow, taskText } from './task-row.ts'

/** Planner tasks as they are stored: what the catalog is rebuilt with. */
export const plannerDescriber: ItemDescriber = {
  type: 'planner',
  folder: 'planner',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: taskRow,
  identity: taskIdentity,
  searchText: (metadata) => Promise.resolve(taskText(metadata)),
}

/** What is kept of a root between the listing of its plans and that of their tasks. */
interface Opened {
  readonly listing: PlannerListing
  plans: ListedPlans | undefined
}

/**
 * Reads Planner tasks: those assigned to a user, or all those of a group's plans.
 *
 * There is no delta in v1.0: tasks are listed whole each run, with their details where Graph brings them along. Not
 * seen until the task itself changes: a change of nothing but its place on a board.
 * https://learn.microsoft.com/graph/api/resources/planner-overview
 */
export function plannerReader(client: GraphClient, source: PlannerSource = sourceOf()): DataTypeReader {
  const opened = new Map<string, Promise<Opened>>()
  const open = (planner: Planner, root: Root): Promise<Opened> => {
    const known = opened.get(root.id)
    if (known !== undefined) return known
    const opening = source(planner, root).then((listing) => ({ listing, plans: undefined }))
    opened.set(root.id, opening)
    opening.catch(() => opened.delete(root.id))
    return opening
  }
  return {
    ...plannerDescriber,
    containers: async (root, last, signal) => {
      opened.delete(root.id)
      const planner = { client, signal }
      const state = await open(planner, root)
      state.plans = await readPlans(planner, state.listing, last?.containers ?? [])
      return asListing(state.plans)
    },
    changes: (root, container, _start, signal) =>
      changesOf({ client, signal }, () => open({ client, signal }, root), container),
    metadata: taskMetadata,
    properties: propertiesOf,
    body: (_root, _container, item, signal) => taskBody({ client, signal }, item),
    item: async (_root, id, signal) => {
      const task = await readTask({ client, signal }, id)
      return { container: text(task, 'planId') ?? '', properties: listedProperties(task) }
    },
    finished: (root) => {
      opened.delete(root.id)
      return Promise.resolve()
    },
  }
}

function asListing({ containers }: ListedPlans): ContainerListing {
  return { containers, cursor: undefined }
}

async function* changesOf(
  planner: Planner,
  open: () => Promise<Opened>,
  container: Container,
): ReturnType<typeof taskChanges> {
  const { listing, plans } = await open()
  const failure = plans?.failures.get(container.id)
  if (failure !== undefined) throw failure
  yield* taskChanges(planner, listing, container.id, plans?.tasks.get(container.id))
}
