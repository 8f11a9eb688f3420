/** Sessions of the demo, each in a process of its own (session.ts). */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { configure, staleAfter, type Answer, type Place } from './place.ts'
import { StepFailed } from './step-failed.ts'

export const SESSIONS = ['ses-1', 'ses-2', 'ses-3']

/** The session that dies. */
export const LOST = 'ses-0'

/**
 * After so long without a sign of life what it held is taken over. The others have the usual hour, so that none of them is
 * late on a slow machine.
 */
export const LEASE_SECONDS = 2

/** Starts the session that is killed as soon as it is at work on a ticket. Returns what it told of that. */
export async function loseSession(place: Place, batch?: string): Promise<Answer> {
  const config = join(place.folder, 'short-lease')
  configure(config, staleAfter(LEASE_SECONDS / 60))
  const session = startSession({ ...place, config }, LOST, batch, '--stuck')
  const told = await firstLine(session.stdout)
  session.kill('SIGKILL')
  const { signal } = await session
  if (signal !== 'SIGKILL') throw new StepFailed(['kill', '-9'], { signal })
  return told
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<Answer> {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line) as Answer
  throw new StepFailed(['tkt', 'session-loop'], { expected: 'a ticket', answer: 'nothing' })
}

/** A session that works until there is nothing more; what it told, line by line. */
export async function workAs(place: Place, name: string, batch?: string): Promise<readonly Answer[]> {
  const { stdout, stderr, exitCode } = await startSession(place, name, batch)
  if (exitCode !== 0) throw new StepFailed(['session', name], { stdout, stderr })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer)
}

function startSession({ project, config }: Place, name: string, batch?: string, ...more: readonly string[]) {
  const words = [
    ...option('--name', name),
    ...option('--batch', batch),
    ...option('--config', config),
    ...more,
  ]
  return execa(process.execPath, [join(import.meta.dirname, 'session.ts'), ...words], {
    cwd: project,
    reject: false,
    env: { NODE_NO_WARNINGS: '1' },
  })
}

const option = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [name, value]
