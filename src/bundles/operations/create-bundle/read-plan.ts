/** The plan that create-bundle makes tickets of. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { OperationError } from '../../../operation/errors.ts'
import { errorCode, readUtf8IfPresent } from '../../../system/files.ts'
import type { BundleContext } from '../../context.ts'
import { parsePlan, type PlanDocument } from '../../model/plan-document.ts'

/** As published, a plan that is not there is only noted in the bundle; we say so. */
export function readPlan(context: BundleContext, name: string): PlanDocument | undefined {
  const file = [context.resolve(name), join(context.root, name)].find((candidate) => existsSync(candidate))
  if (file === undefined) {
    context.warn(`--source-plan ${name}: no such file, so no tickets were made from it`)
    return undefined
  }
  const plan = parsePlan(textOf(file), { file_name: basename(name) })
  if (plan.tickets.length === 0)
    context.warn(`--source-plan ${name}: it holds no open checkbox, so no tickets were made from it`)
  return plan
}

function textOf(file: string): string {
  try {
    return readUtf8IfPresent(file) ?? ''
  } catch (error) {
    const told = error instanceof Error ? error.message : 'not readable' // survived: told to the caller
    const reason = errorCode(error) === 'EISDIR' ? 'it is a folder' : told
    throw new OperationError('FILE_UNREADABLE', `--source-plan ${file}: ${reason}`, { path: file })
  }
}
