import type { SentencesOf } from './sentence.ts'

export const restoreSentences: SentencesOf<'restore'> = {
  'restore.no-plan':
    'The plan is not there any more, and there is no group to make it in: name a group that takes the restored plans.',
  'restore.planner-limit':
    'Planner takes no more of this: remove plans, buckets or tasks that are not needed, then run the command again.',
  'restore.channel-importing':
    'Another program is importing messages into a channel of the team: wait until it is done, then run the command again.',
  'restore.channel-refused':
    'A channel could not be made in the team: look whether the team has too many, or make it in Microsoft Teams, then run the command again.',
  'restore.target-not-found': [
    'The tenant has no {kind} "{target}": check the name or id in --restore-path.',
    'The tenant has no user "{target}": check the name or id in --restore-path.',
    'The tenant has no such user: check the name or id.',
  ],
  'restore.target-ambiguous': [
    'Several fit "{target}" ({found}): give the id in place of the name.',
    'Several fit that name: give the id in place of the name.',
  ],
  'restore.target-exists': 'Something else is there already: restore into another folder, nothing is overwritten.',
  'restore.nothing-to-restore':
    'The chosen paths hold nothing that can be restored to a tenant: choose a mailbox or a folder in it ("holdfast ls" shows them).',
  'restore.unsafe-name': 'A name in the snapshot would lead out of the target folder: it was left out.',
}
