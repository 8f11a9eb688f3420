/** Starts many commands of the built command line, and lets them go in the same moment. */
import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { DIST, endOf, environment, type Ended, type RunOptions } from '../support/tkt.ts'
import { preload } from './preload.ts'

/** Runs each of the commands in a process of its own, all at once; their answers come in the order given. */
export async function race(
  commands: readonly (readonly string[])[],
  where: string | RunOptions,
): Promise<readonly Ended[]> {
  const startingLine = preload('starting-line')
  const options = typeof where === 'string' ? { cwd: where } : where
  const runners = commands.map((words) => startRunner(words, options, startingLine))
  await Promise.all(runners.map(({ ready }) => ready))
  for (const { go } of runners) go()
  return Promise.all(runners.map(({ ended }) => ended))
}

/** Ids from a number on. */
export const numbered = (prefix: string, from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(from + index).padStart(3, '0')}`)

/** The same command, with each runner's number in it. */
export const crowd = (size: number, command: (number: number) => readonly string[]): (readonly string[])[] =>
  Array.from({ length: size }, (_, number) => command(number))

function startRunner(words: readonly string[], { cwd, env }: RunOptions, startingLine: readonly string[]) {
  const child = spawn(process.execPath, [...startingLine, DIST, ...words], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  })
  const ready = child.stdio[3] as Readable // a pipe, as asked for
  const go = child.stdio[4] as Writable // a pipe, as asked for
  return {
    ready: new Promise((resolve) => ready.once('data', resolve)),
    go: () => go.end('.'),
    ended: endOf(child),
  }
}
