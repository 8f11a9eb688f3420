/** One worker of the demo's queue, in a process of its own: asks for its ticket, works, closes, until there is no more. */
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { tkt, type Answer } from './place.ts'

const { values: options } = parseArgs({ options: { name: { type: 'string' }, stuck: { type: 'boolean' } } })
const { name: session = 'nobody', stuck = false } = options
const place = { folder: process.cwd(), project: process.cwd() }

/** A line for whoever watches. */
const tell = (line: Answer): void => void process.stdout.write(`${JSON.stringify({ session, ...line })}\n`)

for (;;) {
  const { loop_state } = await tkt(place, ['session-loop', '--session-id', session])
  const { active_ticket, next_action, taken_over_from } = loop_state as Loop
  if (active_ticket === null && next_action !== 'wait_for_other_session') break
  if (active_ticket === null) await wait(200)
  else await work(active_ticket, taken_over_from)
}

interface Loop {
  readonly active_ticket: Ticket | null
  readonly next_action: string
  readonly taken_over_from?: string
}

interface Ticket {
  readonly ticket_id: string
  readonly title: string
  readonly claim_no: number
}

async function work(
  { ticket_id, title, claim_no }: Ticket,
  taken_over_from: string | undefined,
): Promise<void> {
  tell({ ticket_id, title, claim_no, ...(taken_over_from === undefined ? {} : { taken_over_from }) })
  if (stuck) await wait(600_000) // until somebody kills it
  const { ok, error } = await tkt(place, [
    ...['close-ticket', '--ticket-id', ticket_id, '--session-id', session, '--claim-no', String(claim_no)],
    ...['--resolution', 'node --test: all passed'],
  ])
  tell(ok === true ? { ticket_id, closed: true } : { ticket_id, lost: error })
}
