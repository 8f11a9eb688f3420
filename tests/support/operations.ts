/** Runs operations inside the test's process, with a clock that the test sets: for rules, where a process adds nothing. */
import type { Envelope } from '../../src/operation/envelope.ts'
import { runOperation } from '../../src/operation/run.ts'
import type { RawInput } from '../../src/operation/input.ts'
import { findRow } from '../../src/registry.ts'
import { FAMILIES } from '../../src/registry/families.ts'

export interface World {
  readonly cwd: string
  /** Set it to let time pass. */
  now: Date
  readonly environment: Record<string, string | undefined>
  readonly progress: string[]
  /** What was told bit by bit. */
  readonly emitted: object[]
}

/** A world in a project folder, at a fixed moment. */
export const worldIn = (cwd: string): World => ({
  cwd,
  now: new Date('2026-03-01T12:00:00Z'),
  environment: { PATH: process.env.PATH, HOME: '/nonexistent-home' },
  progress: [],
  emitted: [],
})

/** Runs the operation of that name on raw input, as every door does. */
export async function run(
  world: World,
  name: string,
  raw: RawInput = {},
  texts: Readonly<Record<string, string>> = {},
): Promise<Envelope> {
  const row = findRow(name)
  if (row === undefined) throw new Error(`no operation ${name}`)
  const operation = await row.load()
  const warnings: string[] = []
  const surroundings = {
    cwd: world.cwd,
    environment: world.environment,
    skillFolder: '/nonexistent-skill',
    now: () => world.now,
    systemUser: () => undefined,
    warn: (text: string) => {
      warnings.push(text)
    },
    progress: (text: string) => {
      world.progress.push(text)
    },
    emit: (record: object) => {
      world.emitted.push(record)
      return Promise.resolve()
    },
    whenStopped: () => new AbortController().signal,
  }
  const { envelope, fault } = await runOperation({
    operation,
    raw,
    readText: (source) => Promise.resolve(texts[source] ?? ''),
    openContext: () => FAMILIES[row.family](surroundings, world.cwd),
    warnings,
  })
  if (fault !== undefined) throw fault instanceof Error ? fault : new Error('a fault that is no error')
  return envelope
}
