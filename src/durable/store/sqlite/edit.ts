/** Edits: looked at, judged and written in one transaction, as claims are. */
import { judgeEdit, type EditRefusal } from '../../model/editing.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import { EDITED, editedColumns } from '../edited-columns.ts'
import type { Edited, EditWish } from '../ticket-store.ts'
import { again, renew } from './claims.ts'
import { openBatches } from './intake.ts'
import { orNull, writeEvent, type Place } from './place.ts'
import { findTicket, waitsFrom } from './reading.ts'
import { countUnmet } from './unmet.ts'

export function editTicket(place: Place, wish: EditWish): Edited | Refusal<EditRefusal> {
  const { key, edits, act, terms } = wish
  const { session, now_ms, reason } = act
  return place.database.transaction(() => {
    renew(place, session, now_ms, terms)
    const ticket = findTicket(place, key)
    const verdict = judgeEdit(ticket, { ...wish, waits: waitsFrom(place, edits.depends_on ?? []) })
    if (!verdict.ok) return verdict
    if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
    const { seq, status } = ticket
    const { changed, edited } = verdict
    const names = Object.keys(changed)
    if (names.length === 0) return { ok: true, ticket, changed: names }
    const { batch, depends_on } = edited
    const columns = editedColumns(edited)
    place.database.run(
      `UPDATE tickets SET ${EDITED.map((column) => `${column} = ?`).join(', ')}, updated_ms = ?, version = version + 1
       WHERE seq = ?`,
      ...[...EDITED.map((column) => orNull(columns[column])), now_ms, seq],
    )
    if ('batch_id' in changed) {
      if (batch !== undefined) openBatches(place, [batch], now_ms)
      place.database.run(
        'UPDATE tickets SET batch = (SELECT id FROM batches WHERE project = ? AND key = ?) WHERE seq = ?',
        ...[place.project, orNull(batch), seq],
      )
    }
    place.database.run('DELETE FROM ticket_deps WHERE ticket = ?', seq)
    place.database.run(
      'INSERT INTO ticket_deps (ticket, needs) SELECT ?, value FROM json_each(?)',
      ...[seq, JSON.stringify(depends_on)],
    )
    countUnmet(place, [], [seq])
    writeEvent(place, {
      ...{ ticket: seq, type: 'ticket.edited', at_ms: now_ms, actor: session, reason },
      ...{ from: status, to: status, data: { changed } },
    })
    return { ok: true, ticket: again(place, key), changed: names }
  })
}
