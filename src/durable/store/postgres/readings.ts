/** The log of notes that were read. Only the last text of a note is kept: it tells whether the note was changed since. */
import type { Reading, ReadingAct, ReadingOf } from '../ticket-store.ts'
import { inTurn, type Place } from './place.ts'

export async function lastReading(place: Place, of: ReadingOf): Promise<Reading | undefined> {
  const row = await lastRow(place, of)
  return row === undefined ? undefined : { text: row.note as string, outcome: row.outcome as string }
}

export function logReading(place: Place, reading: ReadingOf & Reading, act: ReadingAct): Promise<void> {
  const { source, batch, text, outcome } = reading
  const { database, project } = place
  return inTurn(place, async () => {
    const last = await lastRow(place, reading)
    const seq = last === undefined ? undefined : Number(last.seq)
    if (last?.note === text && last.outcome === outcome) {
      await database.all(
        'UPDATE tkt.readings SET checked_ms = greatest(checked_ms, :now_ms), checks = checks + 1 WHERE seq = :seq',
        { now_ms: act.now_ms, seq },
      )
      return
    }
    if (seq !== undefined) await database.all('UPDATE tkt.readings SET note = NULL WHERE seq = :seq', { seq })
    await database.all(
      `INSERT INTO tkt.readings (project, source, batch, trigger, session, at_ms, checked_ms, note, outcome)
       VALUES (:project, :source, :batch, :trigger, :session, :now_ms, :now_ms, :text, :outcome)`,
      { project, source, batch, text, outcome, ...act },
    )
  })
}

const lastRow = ({ database, project }: Place, { source, batch }: ReadingOf) =>
  database.one(
    `SELECT * FROM tkt.readings
     WHERE project = :project AND source = :source AND batch IS NOT DISTINCT FROM :batch ORDER BY seq DESC LIMIT 1`,
    { project, source, batch },
  )
