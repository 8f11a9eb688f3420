/** Locks that killed commands left. They hinder nobody; a person who finds one should know that. */
import type { BundleContext } from '../../context.ts'
import { locksFolder } from '../../store/layout.ts'
import { deadLocks, releaseDead } from '../../../system/lock.ts'
import type { Finding } from './finding.ts'

export function checkLocks(context: BundleContext): readonly Finding[] {
  const directory = locksFolder(context)
  return deadLocks(directory).map(({ name, holder }) => ({
    check: 'stale-lock',
    where: `locks/${name}`,
    says: `left by process ${holder.pid}, which is gone: whoever needs it takes it`,
    isFault: false,
    repair: {
      says: 'release it',
      act: () => {
        releaseDead(directory, name)
      },
    },
  }))
}
