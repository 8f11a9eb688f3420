/**
 * Edits take turns, with intakes as well, so that what waits for what is as it was judged. The leases of who edits
 * are renewed before that: locks are taken on the project, then on the ticket.
 */
import { judgeEdit, type EditRefusal, type EditVerdict } from '../../model/editing.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import { EDITED, editedColumns } from '../edited-columns.ts'
import type { Edited, EditWish } from '../ticket-store.ts'
import { look } from './claims.ts'
import { inTurn, type Place } from './place.ts'
import { findTicket, waitsFrom } from './reading.ts'

export async function editTicket(place: Place, wish: EditWish): Promise<Edited | Refusal<EditRefusal>> {
  const { database, project } = place
  const { key, edits, act, terms } = wish
  await look(place, act, terms)
  return inTurn(place, async () => {
    // From here on nobody claims or moves it; the next statement sees it as the last one left it.
    await database.all('SELECT FROM tkt.tickets WHERE project = :project AND key = :key FOR UPDATE', {
      project,
      key,
    })
    const ticket = await findTicket(place, key)
    const waits = await waitsFrom(place, edits.depends_on ?? [])
    const verdict = judgeEdit(ticket, { ...wish, waits })
    if (!verdict.ok) return verdict
    if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
    const changed = Object.keys(verdict.changed)
    if (changed.length === 0) return { ok: true, ticket, changed }
    const { batch } = verdict.edited
    if (batch !== undefined && 'batch_id' in verdict.changed)
      await database.all(
        `INSERT INTO tkt.batches (project, key, created_ms) VALUES (:project, :batch, :now_ms)
         ON CONFLICT (project, key) DO UPDATE SET closed_ms = NULL, closed_by = NULL`,
        { project, batch, now_ms: act.now_ms },
      )
    await write(place, verdict, wish)
    return { ok: true, ticket: (await findTicket(place, key)) ?? ticket, changed }
  })
}

async function write(
  { database, project }: Place,
  { edited, changed }: EditVerdict,
  { act }: EditWish,
): Promise<void> {
  const { seq, batch, depends_on } = edited
  const { session, now_ms, reason } = act
  await database.all(EDIT, {
    ...{ ...editedColumns(edited), project, seq, batch, session, now_ms, reason },
    needs: depends_on.length === 0 ? undefined : JSON.stringify(depends_on),
    data: JSON.stringify({ changed }),
  })
}

const EDIT = `WITH edited AS (
  UPDATE tkt.tickets t SET ${EDITED.map((column) => `${column} = :${column}`).join(', ')},
    needs = :needs, updated_ms = :now_ms::bigint, version = t.version + 1,
    batch = (SELECT b.id FROM tkt.batches b WHERE b.project = :project::bigint AND b.key = :batch)
  WHERE t.seq = :seq RETURNING t.*)
INSERT INTO tkt.events (at_ms, project, ticket, type, actor, from_status, to_status, reason, data)
SELECT :now_ms, :project, seq, 'ticket.edited', :session, status, status, :reason, :data FROM edited`
