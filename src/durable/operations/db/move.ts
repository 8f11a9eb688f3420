/** db export and db import: all of a project in a file, and out of it. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { OperationError } from '../../../operation/errors.ts'
import { invalid } from '../../../operation/input.ts'
import type { DurableContext } from '../../context.ts'
import { importing } from '../../importing.ts'
import { openStoreFile, writeStoreFile } from '../../effects/store-file.ts'
import type { CopyTables } from '../../store/store-keeper.ts'
import type { DbInput } from '../db.ts'
import { requireStore } from './upkeep.ts'

export async function exportStore({ file }: DbInput, context: DurableContext) {
  const path = pathOf(file, context)
  requireFound(dirname(path))
  requireStore(context)
  const now_ms = context.now_ms()
  const head = { project: context.project(), exported_at: new Date(now_ms).toISOString() }
  const { tables, ...written } = await context.withKeeper((keeper) =>
    writeStoreFile(path, head, (to) => keeper.copyOut(to, now_ms)),
  )
  return { file: path, project: head.project, ...written, rows: countsOf(tables) }
}

export async function importStore({ file }: DbInput, context: DurableContext) {
  const path = pathOf(file, context)
  requireFound(path)
  return importing(path, async () => {
    const store = await openStoreFile(path)
    await context.withKeeper((keeper) => keeper.copyIn(store, context.now_ms()))
    const { project: from_project, exported_at } = store.head
    return { file: path, project: context.project(), from_project, exported_at, rows: countsOf(store.tables) }
  })
}

export function pathOf(file: string | undefined, context: DurableContext): string {
  if (file === undefined) throw invalid('file', 'is missing: name the file')
  return context.resolve(file)
}

function requireFound(path: string): void {
  if (!existsSync(path)) throw new OperationError('FILE_NOT_FOUND', `there is no ${path}`, { path })
}

const countsOf = (tables: CopyTables): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(tables).map(([table, { rows }]) => [table, rows]))
