/** A project with durable tickets, driven inside the test's process. */
import { expect } from 'vitest'
import type { RawInput } from '../../../src/operation/input.ts'
import { run, worldIn, type World } from '../../support/operations.ts'
import { git, gitProject, projectFolder, writeFiles } from '../../support/project.ts'

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
export const startDurable = (
  tickets: Readonly<Record<string, RawInput>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<DurableProject> => startIn(projectFolder(files), tickets)

/** The same in a repository, in which these files and a `README.md` are committed on `main`. */
export const startInRepository = (
  tickets: Readonly<Record<string, RawInput>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<DurableProject> =>
  startIn(gitProject({ 'README.md': '# test\n', '.gitignore': '/.tkt/\n', ...files }), tickets)

export function commitFiles(folder: string, files: Readonly<Record<string, string>>): void {
  writeFiles(folder, files)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', Object.keys(files).join(', '))
}

async function startIn(root: string, tickets: Readonly<Record<string, RawInput>>): Promise<DurableProject> {
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
