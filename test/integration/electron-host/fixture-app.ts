import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type BuildOptions } from 'esbuild'
import { launchApp, type AppDriver, type LaunchOptions } from '../../support/electron-host/launch.ts'

const fixture = join(import.meta.dirname, 'fixture')

/** The fixture as the real app is built: main as an ES module, the preload as one CommonJS file. */
export class FixtureApp {
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-electron-host-'))
  readonly #started: AppDriver[] = []
  #profiles = 0

  static async build(): Promise<FixtureApp> {
    const app = new FixtureApp()
    const common = {
      bundle: true,
      platform: 'node',
      external: ['electron'],
      logLevel: 'warning',
    } satisfies BuildOptions
    const entries = [join(fixture, 'main.ts'), join(fixture, 'host.ts')]
    await build({ ...common, entryPoints: entries, format: 'esm', outdir: app.#folder })
    await build({
      ...common,
      entryPoints: [join(fixture, 'preload.ts')],
      format: 'cjs',
      outfile: join(app.#folder, 'preload.cjs'),
    })
    return app
  }

  get preload(): string {
    return join(this.#folder, 'preload.cjs')
  }

  newProfile(): string {
    return join(this.#folder, `profile-${String(++this.#profiles)}`)
  }

  async launch(options: Partial<LaunchOptions> = {}): Promise<AppDriver> {
    const driver = await launchApp({ profile: this.newProfile(), main: join(this.#folder, 'main.js'), ...options })
    this.#started.push(driver)
    return driver
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((driver) => driver.kill()))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
