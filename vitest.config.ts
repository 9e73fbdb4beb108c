import { defineConfig } from 'vitest/config'

/** What is waited for comes as late as the machine is busy. */
const expect = { poll: { timeout: 60_000 } }
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000, expect }
/** Processes are started, many in some tests: a busy machine takes minutes for what hangs as little as on a quick one. */
const processTimeouts = { testTimeout: 600_000, hookTimeout: 600_000, expect }
/** The page is built, and a browser started. */
const windowTimeouts = { testTimeout: 180_000, hookTimeout: 180_000, expect }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...timeouts,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...windowTimeouts,
          name: 'component',
          include: ['test/component/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          // Each file opens the window's pages in a browser.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...windowTimeouts,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          // Each file runs the whole program.
          fileParallelism: false,
          globalSetup: ['test/e2e/support/global-setup.ts'],
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...processTimeouts,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          // Each file starts processes of its own (the command line, restic, the simulator): one file at a time.
          fileParallelism: false,
          // What the simulator answers and is asked is compared with Microsoft's contract, where that lies beside the checkout.
          globalSetup: ['test/support/graph-simulator-contract/global-setup.ts'],
          setupFiles: ['test/support/graph-simulator-contract/setup.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
