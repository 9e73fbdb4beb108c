import { Option } from 'commander'

const DESTINATION = 'Destination:'

/** What a destination may be, for help texts. */
export const destinationWords = 'a folder, or a file://, onedrivev2://, msgroup:// or sharepoint:// URL'

/** Options of every command that has a destination. */
export function destinationOptions(): Option[] {
  return [
    new Option(
      '--limit-upload <KiB/s>',
      'write no faster, e.g. 500; by the time of day: 8:00=500,20:00=0 (0: no limit)',
    ),
    new Option('--limit-download <KiB/s>', 'read no faster, written alike'),
    new Option('--append-only', 'remove and replace nothing there, but for locks'),
    new Option('--permanent-delete', 'delete files in Microsoft 365 for good, past the recycle bin: no way back'),
    new Option('--no-cache', 'keep nothing of a destination in Microsoft 365 on this machine'),
    new Option(
      '--fragment-size <size>',
      'of uploads to Microsoft 365, 320KiB to 60MiB in steps of 320KiB (default: 10MiB)',
    ),
    new Option('--fragment-retry-count <number>', 'how often a fragment is tried again (default: 5)'),
    new Option('--fragment-retry-delay <ms>', 'before the first time, doubled for each more (default: 1000)'),
  ].map((option) => option.helpGroup(DESTINATION))
}
