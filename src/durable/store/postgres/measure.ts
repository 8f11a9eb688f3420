/** Measures what was done, and how long it took. */
import { measuredOf, measureStatement, type Measured, type MeasureWanted } from '../measuring.ts'
import type { Place } from './place.ts'

export async function measure({ database, project }: Place, wanted: MeasureWanted): Promise<Measured> {
  return measuredOf(await database.all(measureStatement(wanted, 'tkt.'), { ...wanted, project }))
}
