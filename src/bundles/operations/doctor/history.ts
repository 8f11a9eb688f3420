/** A history that is not as it was written. */
import { relative } from 'node:path'
import type { BundleContext } from '../../context.ts'
import { sidesOf } from '../../model/merge-sides.ts'
import type { HistoryProblem } from '../../model/history-verdict.ts'
import { historyFile } from '../../store/layout.ts'
import { readHistory } from '../../store/reading.ts'
import { verdictOn } from '../../verify-history.ts'
import type { Finding } from './finding.ts'

export function checkHistory(context: BundleContext): readonly Finding[] {
  const file = relative(context.root, historyFile(context))
  if (sidesOf(readHistory(context)) !== undefined) {
    return [
      {
        check: 'merge-conflict',
        where: 'history.log',
        says: 'two branches both wrote it, and git left its marks in it',
        isFault: true,
        next: `delete the lines that begin with <<<<<<<, ||||||| , ======= and >>>>>>>, keep all others, then git add ${file}`,
      },
    ]
  }
  return verdictOn(context).problems.map(({ line, kind, says }) => ({
    check: `history-${kind}`,
    where: line === undefined ? 'history.log' : `history.log:${line}`,
    says,
    ...TO_DO[kind],
    next: TO_DO[kind].next.replace('FILE', file),
  }))
}

const PUT_BACK = { isFault: true, next: 'put it back as it was: git log -p -- FILE shows each line' }

const TO_DO: Readonly<Record<HistoryProblem['kind'], { readonly isFault: boolean; readonly next: string }>> =
  {
    changed: PUT_BACK,
    missing: PUT_BACK,
    repeated: { isFault: false, next: 'delete this one of the two' },
    torn: { isFault: false, next: 'leave it; if what it tells of is not done, run that command again' },
    unchained: { isFault: false, next: 'leave it if you know who wrote it: the next line vouches for it' },
  }
