/** Measures what was done, and how long it took. */
import { measuredOf, measureStatement, type Measured, type MeasureWanted } from '../measuring.ts'
import type { Value } from './database.ts'
import type { Place } from './place.ts'

export function measure({ database, project }: Place, wanted: MeasureWanted): Measured {
  const values: Readonly<Record<string, Value | undefined>> = { ...wanted, project }
  const asked: Value[] = []
  const sql = measureStatement(wanted, '').replaceAll(/:([a-z_]+)/g, (_, name: string) => {
    asked.push(values[name] ?? null)
    return '?'
  })
  return measuredOf(database.all(sql, ...asked))
}
