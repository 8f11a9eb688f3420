/** Follows what happens to durable tickets, a line an event. */
import { Boolean, Integer, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { count, flag, formed, list } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { batchField, ticketField } from '../fields.ts'
import { followed } from '../following.ts'
import type { HeldBack } from '../store/ticket-store.ts'
import { eventLine, eventRecord, heldLine, heldRecord, typesOf } from '../told-event.ts'

export const watch = defineOperation({
  name: 'watch',
  summary:
    'Follow what happens to durable tickets, a line an event, from now on or from a position; none is lost or told twice.',
  capability: 'tkt-watch',
  effects: ['db.read'],
  input: Fields({
    after: Optional(
      formed(
        'go on behind this position; 0 is the beginning',
        '^[0-9.]{1,40}$',
        'a position that watch told',
      ),
    ),
    once: Optional(flag('tell what there is, from the beginning or behind --after, and end')),
    batch_id: Optional(batchField('only what happens in this batch')),
    ticket_id: Optional(ticketField('only what happens to this ticket')),
    session: Optional(
      formed(
        'only what this session does',
        '^[!-~]{1,100}$',
        'at most 100 visible characters without blanks',
      ),
    ),
    type: Optional(list('only these, comma-separated, such as ticket.claimed,ticket.closed')),
    limit: Optional(count('end after so many events (with --once 100)', 1)),
    timeout: Optional(count('end after so many seconds', 1, 86_400)),
  }),
  output: Fields({ told: Integer(), position: String(), more: Boolean(), next: Optional(String()) }),
  errors: ['DATABASE_UNAVAILABLE', 'UNKNOWN_TICKET'],
  examples: [
    'watch --batch-id BATCH-5',
    'watch --once --after 0 --type ticket.closed',
    'watch --session s1 --limit 10 --timeout 60',
  ],
  run: async (input, context: DurableContext) => {
    const { after, once = false, limit, timeout, batch_id: batch, session, type, ticket_id } = input
    const filters = { batch, session, types: type && typesOf(type), ticket: ticket_id }
    const tell = async (event: Parameters<typeof eventRecord>[0]): Promise<void> => {
      await context.emit(eventRecord(event), eventLine(event))
    }
    const tellHeld = async (held: HeldBack): Promise<void> => {
      await context.emit(heldRecord(held), heldLine(held))
    }
    const { told, position, isCut } = await followed(context, filters, {
      ...{
        tell,
        tellHeld,
        after: after ?? (once ? '0' : undefined),
        most: limit ?? (once ? 100 : undefined),
      },
      ...{ isOnce: once, timeout_ms: timeout === undefined ? undefined : timeout * 1000 },
    })
    return { told, position, more: isCut, ...(isCut ? { next: `--after=${position}` } : {}) }
  },
})
