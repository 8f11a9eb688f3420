/** Carries out what a finding says can be done: under the lock, after a second look, with a copy of all that is changed. */
import type { BundleContext } from '../../context.ts'
import { backUp } from '../../store/backup.ts'
import { discardDirectory } from '../../../system/prepared-files.ts'
import type { FileRepair, Finding } from './finding.ts'

export interface Repaired {
  readonly finding: Finding
  /** The folder of the copies, where any were made. */
  readonly backup?: string
}

interface Run {
  readonly agent: string | undefined
  /** When it began: its copies lie together. */
  readonly begun: string
}

/** Undefined when there is nothing to do any more. */
export async function repairOne(
  context: BundleContext,
  finding: Finding,
  run: Run,
): Promise<Repaired | undefined> {
  const { repair } = finding
  if (repair === undefined) return undefined
  if ('act' in repair) {
    repair.act()
    return { finding }
  }
  return context.locked(repair.lock, async () => {
    const now = repair.again()
    return now?.repair === undefined || 'act' in now.repair
      ? undefined
      : mend(context, { ...now, repair: now.repair }, run)
  })
}

async function mend(
  context: BundleContext,
  finding: Finding & { readonly repair: FileRepair },
  { agent, begun }: Run,
): Promise<Repaired> {
  const { files = {}, creations = {}, removals = [], events = [], says } = finding.repair
  const backup = backUp(context, [...Object.keys(files), ...removals], begun)
  const { check, where } = finding
  const repaired = { event: 'REPAIRED', fields: { check, where, agent, reason: says } } as const
  const told = events.map(({ event, fields }) => ({ event, fields: { ...fields, agent } }))
  await context.commit({ files, creations, events: [repaired, ...told] }, context.now())
  for (const path of removals) discardDirectory(path)
  return { finding, backup }
}
