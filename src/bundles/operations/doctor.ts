/** Looks the whole store over, says what is wrong and what to do; with --repair it does what can be done without a doubt. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count, flag, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { actorOf } from '../lease.ts'
import { checkBundles } from './doctor/bundles.ts'
import { checkFiles } from './doctor/files.ts'
import type { Finding } from './doctor/finding.ts'
import { checkHistory } from './doctor/history.ts'
import { checkLinks } from './doctor/links.ts'
import { checkLocks } from './doctor/locks.ts'
import { checkAttributes } from './doctor/merges.ts'
import { repairOne, type Repaired } from './doctor/repair.ts'
import { checkWorktrees } from './doctor/worktrees.ts'

export const doctor = defineOperation({
  name: 'doctor',
  summary:
    'Find what is broken in the store, and in the database, and say what to do; --repair mends what it can, with a backup.',
  capability: 'tkt-doctor',
  effects: ['fs.read', 'fs.write', 'git.read', 'db.read'],
  input: Fields({
    repair: Optional(flag('mend what can be mended; what is changed is copied first')),
    agent: Optional(word('who repairs')),
    limit: Optional(count('at most this many findings', 1)),
    offset: Optional(count('leave out this many findings first')),
  }),
  output: Fields({
    healthy: Boolean(),
    files: Integer(),
    faults: Integer(),
    notices: Integer(),
    repaired: Integer(),
    backup: Optional(String()),
    findings: ListOf(
      Fields({
        check: String(),
        where: String(),
        says: String(),
        fault: Boolean(),
        repair: Optional(String()),
        repaired: Optional(String()),
        next: Optional(String()),
      }),
    ),
    shown: String(),
    next: Optional(String()),
  }),
  verdict: 'healthy',
  errors: ['NOT_INITIALISED', 'CHANGED_MEANWHILE', 'LOCK_TIMEOUT'],
  examples: ['doctor', 'doctor --repair', 'doctor --exit-code'],
  run: async ({ repair = false, agent, limit, offset }, context: BundleContext) => {
    const ofDatabase = await context.checkDatabase()
    // Where all tickets are in a database there are no files to look at.
    const hasFiles = ofDatabase === undefined || context.hasStore()
    if (hasFiles) context.requireStore()
    actorOf(context, { agent })
    const done = repair && hasFiles ? await repairAll(context, agent) : []
    const looked = hasFiles ? lookOver(context) : { files: 0, found: [] }
    const { files } = looked
    const ofWorktrees = hasFiles ? await checkWorktrees(context) : []
    const found = [...looked.found, ...ofWorktrees, ...(ofDatabase ?? [])]
    const left = (isFault: boolean) =>
      found
        .filter((finding) => finding.isFault === isFault)
        .map((finding) => ({ ...rowOf(finding), ...whatToDo(finding) }))
    const mended = done.map(({ finding }) => ({ ...rowOf(finding), repaired: finding.repair?.says ?? '' }))
    const findings = [...left(true), ...mended, ...left(false)]
    const faults = left(true).length
    const backup = done.find((one) => one.backup !== undefined)?.backup
    const head = {
      healthy: faults === 0,
      files,
      faults,
      notices: found.length - faults,
      repaired: done.length,
      ...(backup === undefined ? {} : { backup }),
    }
    const { rows, ...page } = pageOf(findings, { limit, offset }, head)
    return { ...head, findings: [...rows], ...page }
  },
})

function lookOver(context: BundleContext): { readonly files: number; readonly found: readonly Finding[] } {
  const { files, found } = checkFiles(context)
  const others = [checkBundles, checkLinks, checkHistory, checkLocks, checkAttributes]
  return { files, found: [...found, ...others.flatMap((check) => check(context))] }
}

/** Again until nothing is left to mend: a file that can be read again may have older names, and count for its bundle. */
async function repairAll(context: BundleContext, agent: string | undefined): Promise<readonly Repaired[]> {
  const done: Repaired[] = []
  const run = { agent, begun: context.now() }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const mendable = lookOver(context).found.filter(({ repair }) => repair !== undefined)
    const before = done.length
    for (const finding of mendable) {
      const repaired = await repairOne(context, finding, run)
      if (repaired !== undefined) done.push(repaired)
    }
    if (done.length === before) break
  }
  return done
}

const MOST_ROUNDS = 5

const rowOf = ({ check, where, says, isFault }: Finding) => ({
  check,
  where,
  says: cut(says),
  fault: isFault,
})

const whatToDo = ({ repair, next }: Finding) => ({
  ...(repair === undefined ? {} : { repair: repair.says }),
  ...(next === undefined ? {} : { next }),
})
