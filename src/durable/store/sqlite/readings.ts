/** The log of notes that were read. Only the last text of a note is kept: it tells whether the note was changed since. */
import type { Reading, ReadingAct, ReadingOf } from '../ticket-store.ts'
import { orNull, type Place } from './place.ts'

export function lastReading(place: Place, of: ReadingOf): Reading | undefined {
  const row = lastRow(place, of)
  return row === undefined ? undefined : { text: row.note as string, outcome: row.outcome as string }
}

export function logReading(place: Place, reading: ReadingOf & Reading, act: ReadingAct): void {
  const { source, batch, text, outcome } = reading
  const { now_ms, trigger, session } = act
  const { database, project } = place
  database.transaction(() => {
    const last = lastRow(place, reading)
    if (last?.note === text && last.outcome === outcome) {
      database.run(
        'UPDATE readings SET checked_ms = max(checked_ms, ?), checks = checks + 1 WHERE seq = ?',
        ...[now_ms, Number(last.seq)],
      )
      return
    }
    if (last !== undefined) database.run('UPDATE readings SET note = NULL WHERE seq = ?', Number(last.seq))
    database.run(
      `INSERT INTO readings (project, source, batch, trigger, session, at_ms, checked_ms, note, outcome)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[project, source, orNull(batch), trigger, orNull(session), now_ms, now_ms, text, outcome],
    )
  })
}

const lastRow = ({ database, project }: Place, { source, batch }: ReadingOf) =>
  database.one(
    'SELECT * FROM readings WHERE project = ? AND source = ? AND batch IS ? ORDER BY seq DESC LIMIT 1',
    ...[project, source, orNull(batch)],
  )
