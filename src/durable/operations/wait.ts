/** Waits until the tickets of a batch, or one ticket, are as a coordinator wants them. */
import { Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { choice, count } from '../../operation/schema.ts'
import { elapsed_ms } from '../../system/clock.ts'
import type { DurableContext } from '../context.ts'
import { endOf, isThere } from '../following.ts'
import { batchField, ticketField } from '../fields.ts'
import { CONDITION_WORDS, CONDITIONS_SAID, countsBy, isMet, type Condition } from '../model/awaited.ts'
import type { TicketStore } from '../store/ticket-store.ts'

export const wait = defineOperation({
  name: 'wait',
  summary:
    'Wait until the tickets of a batch, or one ticket, are over, in hand, claimable, stuck and the like.',
  capability: 'tkt-wait',
  effects: ['db.read'],
  input: Fields({
    until: choice(CONDITION_WORDS, CONDITIONS_SAID),
    batch_id: Optional(batchField('the tickets of this batch; else all of the project')),
    ticket_id: Optional(ticketField('this ticket alone')),
    timeout: Optional(count('give up after so many seconds (3600); 0 only looks', 0, 604_800)),
  }),
  output: Fields({ met: Boolean(), until: String(), counts: Unknown(), waited_ms: Integer() }),
  verdict: 'met',
  errors: ['DATABASE_UNAVAILABLE', 'UNKNOWN_TICKET'],
  positional: ['until'],
  examples: [
    'wait over --batch-id BATCH-5',
    'wait stuck --timeout 600 --exit-code',
    'wait closed --ticket-id TKT-016',
  ],
  run: async ({ until, batch_id: batch, ticket_id, timeout = 3600 }, context: DurableContext) => {
    const begun_ms = elapsed_ms()
    const end = endOf(context, timeout * 1000)
    if (!(await isThere(context, end, timeout === 0)))
      return { met: false, until, counts: {}, waited_ms: Math.round(elapsed_ms() - begun_ms) }
    return context.withStore(async (store) => {
      const keys = ticket_id === undefined ? undefined : [await keyOf(store, ticket_id)]
      const { met, counts } = await lookUntil(context, store, { until, of: { batch, keys }, end })
      return { met, until, counts, waited_ms: Math.round(elapsed_ms() - begun_ms) }
    })
  },
})

interface Wanted {
  readonly until: Condition
  readonly of: { readonly batch: string | undefined; readonly keys: readonly string[] | undefined }
  /** When one gives up. */
  readonly end: AbortSignal
}

/** A lease may be over without anybody doing anything, so one looks every now and then whatever happens. */
async function lookUntil(context: DurableContext, store: TicketStore, { until, of, end }: Wanted) {
  for (;;) {
    const isLast = end.aborted
    const classes = await store.overview({ ...of, now_ms: context.now_ms(), most: 1 })
    const met = isMet(until, classes)
    if (met || isLast) return { met, counts: countsBy(classes) }
    await store.woken(LONGEST_MS, end)
  }
}

const LONGEST_MS = 1000

async function keyOf(store: TicketStore, name: string): Promise<string> {
  const found = await store.find(name)
  if (found !== undefined && found.deleted_ms === undefined) return found.key
  throw new OperationError('UNKNOWN_TICKET', `there is no ticket ${name}`, { ticket_id: name })
}
