/** How many dependencies of a ticket are not done: kept in its row, so that the queue of ready tickets is one index. */
import type { Place } from './place.ts'

/** Counts anew for the tickets that need one of these keys, and for those themselves. A ticket that does not exist, or not any more, is no reason to wait. */
export function countUnmet(
  { database, project }: Place,
  keys: readonly string[],
  seqs: readonly number[] = [],
): void {
  database.run(
    // By rowid, and from the dependency to what is needed: the planner would go through all tickets of the project.
    `UPDATE tickets SET unmet = (
       SELECT count(*) FROM ticket_deps d CROSS JOIN tickets n ON n.project = tickets.project AND n.key = d.needs
       WHERE d.ticket = tickets.seq AND n.seq <> tickets.seq
         AND n.deleted_ms IS NULL AND NOT (n.status = 'CLOSED' AND n.resolution = 'done'))
     WHERE +project = ? AND seq IN (SELECT value FROM json_each(?)
       UNION SELECT ticket FROM ticket_deps WHERE needs IN (SELECT value FROM json_each(?)))`,
    ...[project, JSON.stringify(seqs), JSON.stringify(keys)],
  )
}
