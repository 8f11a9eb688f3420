/** Who a process is, so that what it left behind can be told from what it still holds. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCode } from './files.ts'

export interface Owner {
  readonly pid: number
  /** Host name and, on Linux, the namespace of the pid: containers of one host name are different hosts. */
  readonly host: string
  /** When the process started, in ticks since boot; empty where the system does not tell. */
  readonly started: string
}

/** This process. */
export function currentOwner(): Owner {
  const found = readProcess('self')
  // A /proc of another pid namespace (unshare without mounting its own) would tell us of other processes.
  return { pid: process.pid, host: thisHost(), started: found?.pid === process.pid ? found.started : '' }
}

/**
 * Whether `owner` still runs, as far as `self` can see. 'gone' is certain and for good: no such process, or a process
 * of the same number that started at another time. Another host is always 'unknown'.
 */
export function ownerState(owner: Owner, self: Owner): 'running' | 'gone' | 'unknown' {
  if (owner.host !== self.host) return 'unknown'
  const found = self.started === '' ? undefined : readProcess(owner.pid)
  if (found === undefined) return askKernel(owner.pid) // it ended, or is hidden from us, or there is no /proc
  if (found.dead) return 'gone'
  return owner.started === '' || owner.started === found.started ? 'running' : 'gone'
}

/** Whether what was read from a file is an owner. */
export function isOwner(record: unknown): record is Owner {
  if (typeof record !== 'object' || record === null) return false
  if (!('pid' in record && 'host' in record && 'started' in record)) return false
  const isPid = Number.isInteger(record.pid) && Number(record.pid) > 0 // kill(0) and kill(-1) mean other things
  return isPid && typeof record.host === 'string' && typeof record.started === 'string'
}

function thisHost(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname() // survived: not Linux, where the host name must do
  }
}

function askKernel(pid: number): 'running' | 'gone' | 'unknown' {
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    // Survived, for each is an answer: no such process; one of another user; a number that is no pid.
    const code = errorCode(error)
    return code === 'ESRCH' ? 'gone' : code === 'EPERM' ? 'running' : 'unknown'
  }
}

interface ProcessStat {
  readonly pid: number
  readonly dead: boolean
  readonly started: string
}

/** What /proc says of a process; undefined where it says nothing. */
function readProcess(pid: number | 'self'): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name comes second, in parentheses, and may hold spaces and parentheses; fields count from its end.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const threads = Number(fields[16]) // field 20 of proc(5)
    // A killed process is a zombie as soon as its first thread ends: others may still be inside a write.
    const dead = (state === 'Z' || state === 'X') && threads <= 1
    return { pid: parseInt(stat), dead, started: fields[18] ?? '' } // field 22
  } catch {
    return undefined // survived: absent, hidden, or not Linux
  }
}
