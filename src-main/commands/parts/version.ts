import description from '../../../package.json' with { type: 'json' }

/** The package's version; bundles carry it along. */
export function programVersion(): string {
  return description.version
}
