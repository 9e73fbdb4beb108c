import { describeDestination } from '../../support/destination-conformance.ts'
import type { FaultRule } from '../../support/graph-simulator/index.ts'
import { places, subjectAt, type DriveScene } from './graph-drive-fixture.ts'

describeDestination('OneDrive', () => subjectAt(places.onedrive))
describeDestination('a group', () => subjectAt(places.group))
describeDestination('a SharePoint library', () => subjectAt(places.sharepoint))

/**
 * Some of each in a hundred requests. The seed decides which ones, and the order in which requests that go out together
 * arrive: no request meets the same fault twice, or one would meet more than it may by chance.
 */
function shake({ simulator }: DriveScene): void {
  const kinds: readonly FaultRule[] = [
    { kind: 'reset' },
    { kind: 'reset-after' },
    { kind: 'done-but-failed', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'reset-in-body' },
    { kind: 'truncate' },
    { kind: 'throttle', retryAfterSeconds: 1, retryAfterForm: 'alternate' },
  ]
  for (const rule of kinds)
    simulator.faults.add({ ...rule, probability: 0.02, perPath: 1, match: { path: /\/drives\// } })
}

for (const seed of [1, 2]) {
  describeDestination(`a group's drive with faults (seed ${seed})`, () =>
    subjectAt(places.group, { seed, prepare: shake }),
  )
}
