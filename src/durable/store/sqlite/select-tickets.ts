/** How the embedded database is asked for tickets. */

/** What a ticket is read by; a condition on `t` follows. */
export const SELECT_TICKETS = `
SELECT t.*, b.key AS batch_key, c.session, c.claim_no AS held_no, c.claimed_ms, c.leased_until_ms, c.base,
  (SELECT json_group_array(needs) FROM ticket_deps WHERE ticket = t.seq) AS needs,
  (SELECT p.key FROM tickets p WHERE p.seq = t.parent) AS parent_key
FROM tickets t LEFT JOIN batches b ON b.id = t.batch LEFT JOIN claims c ON c.ticket = t.seq`
