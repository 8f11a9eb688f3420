/** The operations of engine 2. */
import { anyOperation, type Entry } from './entry.ts'

export const DURABLE: readonly Entry[] = [
  {
    name: 'intake-ticket',
    load: async () => anyOperation((await import('../durable/operations/intake-ticket.ts')).intakeTicket),
  },
  {
    name: 'list-tickets',
    load: async () => anyOperation((await import('../durable/operations/list-tickets.ts')).listTickets),
  },
  {
    name: 'show-ticket',
    load: async () => anyOperation((await import('../durable/operations/show-ticket.ts')).showTicket),
  },
  {
    name: 'next-ticket',
    load: async () => anyOperation((await import('../durable/operations/next-ticket.ts')).nextTicket),
  },
  {
    name: 'claim-ticket',
    load: async () => anyOperation((await import('../durable/operations/claim-ticket.ts')).claimTicket),
  },
  {
    name: 'heartbeat',
    load: async () => anyOperation((await import('../durable/operations/heartbeat.ts')).heartbeat),
  },
  {
    name: 'start-ticket',
    load: async () => anyOperation((await import('../durable/operations/start-ticket.ts')).startTicket),
  },
  {
    name: 'block-ticket',
    load: async () => anyOperation((await import('../durable/operations/block-ticket.ts')).blockTicket),
  },
  {
    name: 'unblock-ticket',
    load: async () => anyOperation((await import('../durable/operations/unblock-ticket.ts')).unblockTicket),
  },
  {
    name: 'submit-ticket',
    load: async () => anyOperation((await import('../durable/operations/submit-ticket.ts')).submitTicket),
  },
  {
    name: 'release-ticket',
    load: async () => anyOperation((await import('../durable/operations/release-ticket.ts')).releaseTicket),
  },
  {
    name: 'fail-ticket',
    load: async () => anyOperation((await import('../durable/operations/fail-ticket.ts')).failTicket),
  },
  {
    name: 'close-ticket',
    load: async () => anyOperation((await import('../durable/operations/close-ticket.ts')).closeTicket),
  },
  {
    name: 'reject-ticket',
    load: async () => anyOperation((await import('../durable/operations/reject-ticket.ts')).rejectTicket),
  },
  {
    name: 'cancel-ticket',
    load: async () => anyOperation((await import('../durable/operations/cancel-ticket.ts')).cancelTicket),
  },
  {
    name: 'reopen-ticket',
    load: async () => anyOperation((await import('../durable/operations/reopen-ticket.ts')).reopenTicket),
  },
  {
    name: 'edit-ticket',
    load: async () => anyOperation((await import('../durable/operations/edit-ticket.ts')).editTicket),
  },
  {
    name: 'delete-ticket',
    load: async () => anyOperation((await import('../durable/operations/delete-ticket.ts')).deleteTicket),
  },
  {
    name: 'agents',
    load: async () => anyOperation((await import('../durable/operations/agents.ts')).agents),
  },
  {
    name: 'comment',
    load: async () => anyOperation((await import('../durable/operations/comment.ts')).comment),
  },
  {
    name: 'comments',
    load: async () => anyOperation((await import('../durable/operations/comments.ts')).comments),
  },
  {
    name: 'record-subagent',
    load: async () => anyOperation((await import('../durable/operations/record-subagent.ts')).recordSubagent),
  },
  {
    name: 'watch',
    load: async () => anyOperation((await import('../durable/operations/watch.ts')).watch),
  },
  {
    name: 'wait',
    load: async () => anyOperation((await import('../durable/operations/wait.ts')).wait),
  },
  {
    name: 'digest',
    load: async () => anyOperation((await import('../durable/operations/digest.ts')).digest),
  },
  {
    name: 'stats',
    load: async () => anyOperation((await import('../durable/operations/stats.ts')).stats),
  },
  {
    name: 'refresh-new-tasks',
    load: async () =>
      anyOperation((await import('../durable/operations/refresh-new-tasks.ts')).refreshNewTasks),
  },
  {
    name: 'refresh-review-inbox',
    load: async () =>
      anyOperation((await import('../durable/operations/refresh-review-inbox.ts')).refreshReviewInbox),
  },
  {
    name: 'claim-summary',
    load: async () => anyOperation((await import('../durable/operations/claim-summary.ts')).claimSummary),
  },
  {
    name: 'check-open-tickets',
    load: async () =>
      anyOperation((await import('../durable/operations/check-open-tickets.ts')).checkOpenTickets),
  },
  {
    name: 'session-loop',
    load: async () => anyOperation((await import('../durable/operations/session-loop.ts')).sessionLoop),
  },
  {
    name: 'startup-flow',
    load: async () => anyOperation((await import('../durable/operations/startup-flow.ts')).startupFlow),
  },
  {
    name: 'integrator-closure-report',
    load: async () =>
      anyOperation(
        (await import('../durable/operations/integrator-closure-report.ts')).integratorClosureReport,
      ),
  },
  {
    name: 'check-ticket-scope',
    load: async () =>
      anyOperation((await import('../durable/operations/check-ticket-scope.ts')).checkTicketScope),
  },
  {
    name: 'import-tickets',
    cli: 'import',
    load: async () => anyOperation((await import('../durable/operations/import-tickets.ts')).importTickets),
  },
  {
    name: 'db',
    load: async () => anyOperation((await import('../durable/operations/db.ts')).db),
  },
]
