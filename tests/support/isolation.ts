/** Commands in a network or a mount table of their own (Linux, with the rights for it). */
import { spawnSync } from 'node:child_process'

/** Words to put before a command. */
export const WITHOUT_NETWORK = ['unshare', '--net'] as const
export const WITH_MOUNTS = ['unshare', '--mount'] as const

/** Why this machine cannot run a shell script behind those words; undefined when it can. */
export function obstacleTo([program, ...words]: readonly string[], script = 'true'): string | undefined {
  const { status, stderr, error } = spawnSync(program ?? '', [...words, 'sh', '-c', script], {
    encoding: 'utf8',
  })
  if (status === 0) return undefined
  return `${[program, ...words].join(' ')}: ${error?.message ?? stderr.trim()}`
}
