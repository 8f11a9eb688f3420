import { defineConfig } from 'vitest/config'
import { ClosingLine } from './tests/support/closing-line.ts'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/postgres-setup.ts',
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new ClosingLine()],
  },
})
