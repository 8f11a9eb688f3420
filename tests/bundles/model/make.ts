/** Makes tickets, bundles and failures for the tests of the model, each with only what its test is about. */
import { readBundle, type Bundle } from '../../../src/bundles/model/bundle.ts'
import type { FailedCriterion } from '../../../src/bundles/model/carryover.ts'
import type { BundleId, ExpressId, TicketId } from '../../../src/bundles/model/ids.ts'
import { readTicket, type Ticket } from '../../../src/bundles/model/ticket.ts'

export const NOW = '2026-03-01T12:00:00Z'

export const bundleId = (text: string): BundleId => text as BundleId // tests name ids of the right form
export const ticketId = (text: string): TicketId => text as TicketId // tests name ids of the right form
export const expressId = (text: string): ExpressId => text as ExpressId // tests name ids of the right form

/** A ticket as its file would be read; open unless said otherwise. */
export function ticket(id: string, fields: Readonly<Record<string, unknown>> = {}): Ticket {
  const read = readTicket(ticketId(id), { title: `Do ${id}`, status: 'open', ...fields })
  if (!read.ok) throw new Error(read.reason)
  return read.value
}

/** A bundle as its file would be read. */
export function bundle(id: string, fields: Readonly<Record<string, unknown>> = {}): Bundle {
  const read = readBundle(bundleId(id), { title: `Ship ${id}`, status: 'open', ...fields })
  if (!read.ok) throw new Error(read.reason)
  return read.value
}

/** A command criterion of a ticket that did not hold. */
export const failure = (ticket_id: string, more: Partial<FailedCriterion> = {}): FailedCriterion => ({
  ticket_id,
  title: `Do ${ticket_id}`,
  criterion_index: 1,
  run: 'npm test',
  exit_code: 1,
  reason: 'exit code 1, expected 0',
  stdout: '',
  stderr: 'no tests\n',
  expect_exit_code: 0,
  expect_contains: null,
  ...more,
})
