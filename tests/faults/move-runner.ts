/** Runs the commands of a mixed load, and kills them as they say. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { DIST, endOf, environment, type Ended } from '../support/tkt.ts'
import { IMPATIENT, type Move } from './mixed-load.ts'

export interface MoveRunner {
  readonly runKilled: (move: Move) => Promise<Ended>
  /** Not killed, and not willing to wait for a lock. */
  readonly runAlone: (move: Move) => Promise<Ended>
}

/** `killAt`: the words that load kill-at.ts. `atOnce`: how many run at the same time, and so share the machine. */
export function moveRunner(root: string, killAt: readonly string[], atOnce: number): MoveRunner {
  let usual_ms = 50 * atOnce
  const start = (words: readonly string[], env: Readonly<Record<string, string>>) =>
    spawn(process.execPath, [...words], {
      cwd: root,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    runKilled: async ({ words, kill }) => {
      if (kill.by === 'step') return endOf(start([...killAt, DIST, ...words], { KILL_AT: String(kill.step) }))
      const begun = performance.now()
      const child = start([DIST, ...words], {})
      const timer = setTimeout(
        () => child.kill('SIGKILL'),
        kill.by === 'clock' ? kill.part * usual_ms : LONG_MS,
      )
      const ended = await endOf(child)
      clearTimeout(timer)
      if (ended.signal === null) usual_ms += (performance.now() - begun - usual_ms) / 10
      return ended
    },
    runAlone: ({ words }) => endOf(start([DIST, ...words], { CONFIG_DIR: join(root, IMPATIENT) })),
  }
}

/** Nobody waits that long. */
const LONG_MS = 300_000
