/** Runs the command line inside the test's process, with a world that the test makes. */
import { expect } from 'vitest'
import { main } from '../../../src/surfaces/cli/main.ts'
import { drawableJson } from '../../../src/surfaces/cli/views/drawable.ts'
import type { Runtime } from '../../../src/runtime.ts'
import { projectFolder } from '../../support/project.ts'

export interface Said {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | undefined
  /** The last line of standard output, read. */
  readonly json: Readonly<Record<string, unknown>>
}

const COLOUR = /\u001b\[\d+m/g

/** Runs the command line in this process, in a project of its own unless one is given. */
export async function tkt(argv: readonly string[], more: Partial<Runtime> = {}): Promise<Said> {
  const said = { stdout: '', stderr: '', code: undefined as number | undefined }
  await main({
    argv,
    cwd: more.cwd ?? projectFolder({ '.tkt/bundles/.keep': '' }),
    environment: { PATH: process.env.PATH, HOME: '/nonexistent-home' },
    skillFolder: '/nonexistent-skill',
    now: () => new Date('2026-03-01T12:00:00Z'),
    systemUser: () => 'tester',
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: 100,
    readStdin: async () => '',
    // Without colours, which are drawn where a CI runs these tests.
    writeOut: (text) => (said.stdout += text.replaceAll(COLOUR, '')),
    writeError: (text) => (said.stderr += text),
    setExitCode: (code) => (said.code = code),
    whenStopped: () => new AbortController().signal,
    ...more,
  })
  expect(said.stdout.endsWith('\n')).toBe(true)
  const line = said.stdout.trimEnd().split('\n').at(-1) ?? ''
  const json = JSON.parse(line) as Said['json']
  const compact = JSON.stringify(json) // as published
  expect(line).toBe(more.stdoutIsTerminal === true ? drawableJson(compact) : compact)
  return { ...said, json }
}
