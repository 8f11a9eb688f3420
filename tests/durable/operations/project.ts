/** A project with durable tickets, driven inside the test's process. */
import { expect } from 'vitest'
import type { RawInput } from '../../../src/operation/input.ts'
import { run, worldIn, type World } from '../../support/operations.ts'
import { projectFolder } from '../../support/project.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface DurableProject {
  readonly root: string
  readonly world: World
  readonly ok: (name: string, raw?: RawInput) => Promise<Fields>
  /** The name of the error that it must end in. */
  readonly refused: (name: string, raw?: RawInput) => Promise<Fields>
  readonly wait: (minutes: number) => void
}

/** With these tickets taken in, and what their keys may say beside a title and a summary. */
export async function startDurable(
  tickets: Readonly<Record<string, RawInput>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<DurableProject> {
  const root = projectFolder(files)
  const world = worldIn(root)
  const ok = async (name: string, raw: RawInput = {}): Promise<Fields> => {
    const envelope = await run(world, name, raw)
    expect(envelope, JSON.stringify(envelope)).toMatchObject({ ok: true })
    return { ...envelope }
  }
  const refused = async (name: string, raw: RawInput = {}): Promise<Fields> => {
    const envelope = await run(world, name, raw)
    expect(envelope).toMatchObject({ ok: false })
    return { ...envelope }
  }
  const wait = (minutes: number): void => {
    world.now = new Date(world.now.getTime() + 60_000 * minutes)
  }
  for (const [ticket_id, more] of Object.entries(tickets))
    await ok('intake-ticket', { ticket_id, title: `Title of ${ticket_id}`, summary: 'what to do', ...more })
  return { root, world, ok, refused, wait }
}
