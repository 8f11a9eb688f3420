/** Signals everything a command started: its process group and, where the system shows it, its whole session. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Sends a signal to the group led by `leader` (a process started detached) and to the rest of its session.
 * Never throws; members that are gone already are fine. A process that opened a session of its own escapes.
 */
export function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(leader), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    )
    return
  }
  const strays = sessionMembers(leader)
  send(-leader, signal)
  for (const stray of strays) send(stray, signal)
}

export interface Tie {
  /** Says which group was started. */
  readonly hold: (leader: number) => void
  /** To be called as soon as the command has ended, or was never started. */
  readonly release: () => void
}

/**
 * Ends a group when this process is itself ended by a signal (Ctrl-C would not reach the group). Tied before the group is
 * started: a command runs while we are still busy with starting it, and a signal of that time is heard afterwards.
 */
export function tieToThisProcess(): Tie {
  const tied: Tied = { leader: undefined }
  if (TIED.size === 0) for (const signal of DEADLY_SIGNALS) process.on(signal, endAll)
  TIED.add(tied)
  return {
    hold: (leader) => {
      tied.leader = leader
    },
    release: () => {
      TIED.delete(tied)
      if (TIED.size === 0) for (const signal of DEADLY_SIGNALS) process.off(signal, endAll)
    },
  }
}

interface Tied {
  leader: number | undefined
}

/** What runs now: one listener serves all, as node warns of more than ten. */
const TIED = new Set<Tied>()
const DEADLY_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function endAll(signal: NodeJS.Signals): void {
  for (const { leader } of TIED) if (leader !== undefined) signalGroup(leader, 'SIGKILL')
  for (const deadly of DEADLY_SIGNALS) process.off(deadly, endAll)
  TIED.clear()
  // With nobody else listening, the signal must still do to us what it would have done.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch {
    // survived: the process or group has ended between looking and signalling
  }
}

/**
 * `timeout`, `set -m` and interactive shells put their children into groups of their own inside the same session.
 * Only Linux tells the session of a process cheaply; elsewhere the group alone is signalled.
 */
function sessionMembers(leader: number): readonly number[] {
  if (process.platform !== 'linux') return []
  try {
    const pids = readdirSync('/proc').map(Number)
    return pids.filter((pid) => pid > 0 && pid !== process.pid && sessionOf(pid) === leader)
  } catch {
    return [] // survived: there is no /proc to read; the group is signalled all the same
  }
}

function sessionOf(pid: number): number | undefined {
  try {
    // "pid (name) state parent group session …"; the name may itself hold brackets and spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])
  } catch {
    return undefined // survived: the process has ended since the folder was listed
  }
}
