/** The state machines of engine 1 as tables (contracts: filesystem section 5). */
import { lifecycle } from '../../lifecycle.ts'

export const ticketLifecycle = lifecycle({
  title: 'Ticket of a bundle',
  initial: 'open',
  states: ['open', 'claimed', 'in_progress', 'blocked', 'done', 'failed'],
  final: ['done', 'failed'],
  events: {
    claim: { open: 'claimed', blocked: 'claimed' },
    start: { claimed: 'in_progress' },
    finish: { open: 'done', claimed: 'done', in_progress: 'done' },
    fail: { open: 'failed', claimed: 'failed', in_progress: 'failed', blocked: 'failed' },
    block: { claimed: 'blocked', in_progress: 'blocked' },
    take_over: { claimed: 'claimed', in_progress: 'claimed' },
    release: { claimed: 'open', in_progress: 'open', blocked: 'open' },
    reopen: { claimed: 'open', in_progress: 'open', blocked: 'open', done: 'open', failed: 'open' },
  },
  notes: {
    finish: 'needs evidence',
    block: 'needs a reason',
    take_over: 'of a stale claim',
    reopen: 'needs a reason',
  },
})

export type TicketStatus = (typeof ticketLifecycle.states)[number]
export type TicketEvent = (typeof ticketLifecycle.eventNames)[number]

export const bundleLifecycle = lifecycle({
  title: 'Bundle',
  initial: 'open',
  states: ['open', 'in_progress', 'closed', 'archived'],
  final: ['closed', 'archived'],
  events: {
    start: { open: 'in_progress' },
    close: { open: 'closed', in_progress: 'closed' },
    archive: { open: 'archived', in_progress: 'archived', closed: 'archived' },
    reopen: { closed: 'in_progress', archived: 'in_progress' },
  },
  notes: {
    start: 'first update of a ticket',
    close: 'all gates pass',
    archive: 'needs a reason unless closed',
    reopen: 'needs a reason',
  },
})

export type BundleStatus = (typeof bundleLifecycle.states)[number]

export const expressLifecycle = lifecycle({
  title: 'Express ticket',
  initial: 'open',
  states: ['open', 'claimed', 'done'],
  final: ['done'],
  events: {
    claim: { open: 'claimed' },
    close: { open: 'done', claimed: 'done' },
    take_over: { claimed: 'claimed' },
    release: { claimed: 'open' },
    reopen: { claimed: 'open', done: 'open' },
  },
  notes: { close: 'needs evidence', take_over: 'of a stale claim', reopen: 'needs a reason' },
})

export type ExpressStatus = (typeof expressLifecycle.states)[number]

/** Each event is named as the stage it leads to. */
export const roadmapLifecycle = lifecycle({
  title: 'Roadmap',
  initial: 'planning',
  states: ['planning', 'active', 'review', 'blocked', 'done', 'archived'],
  final: ['archived'],
  events: {
    planning: {},
    active: { planning: 'active', review: 'active', blocked: 'active' },
    review: { active: 'review' },
    blocked: { active: 'blocked' },
    done: { review: 'done' },
    archived: {
      planning: 'archived',
      active: 'archived',
      review: 'archived',
      blocked: 'archived',
      done: 'archived',
    },
  },
  notes: { active: 'needs a bundle', done: 'needs every bundle closed' },
})

export type Stage = (typeof roadmapLifecycle.states)[number]
