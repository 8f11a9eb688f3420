/** The files of .tkt/ as schemas: what the built-in structural check holds them to. Older names and words are let pass. */
import { Enum, Object as Fields, Optional, String, Unsafe } from 'typebox'
import { OLDER_BUNDLE_STATUSES } from './bundle.ts'
import { bundleLifecycle, expressLifecycle, roadmapLifecycle, ticketLifecycle } from './lifecycles.ts'
import { OLDER_TICKET_STATUSES } from './ticket.ts'

const Text = () => Optional(Unsafe<string | null>({ type: ['string', 'null'] }))
const Whole = () => Optional(Unsafe<number | null>({ type: ['integer', 'null'] }))
const List = () => Optional(Unsafe<unknown[] | null>({ type: ['array', 'null'] }))
const Criteria = () => Optional(Unsafe<unknown>({ type: ['array', 'string', 'null'] }))
const Map = () => Optional(Unsafe<object | null>({ type: ['object', 'null'] }))

export const DOCUMENTS = {
  bundle: Fields(
    {
      title: Text(),
      status: Optional(Enum([...bundleLifecycle.states, ...OLDER_BUNDLE_STATUSES.keys()])),
      main_agent: Text(),
      ticket_count: Whole(),
      track: Text(),
      worktree_path: Text(),
      worktree_branch: Text(),
      depends_on: List(),
    },
    { title: 'bundle.yaml', additionalProperties: true },
  ),
  ticket: Fields(
    {
      title: Text(),
      description: Text(),
      status: Optional(Enum([...ticketLifecycle.states, ...OLDER_TICKET_STATUSES.keys()])),
      claimed_by: Text(),
      claimed_at: Text(),
      wave: Whole(),
      skills: List(),
      depends_on: List(),
      acceptance_criteria: Criteria(),
      transition_log: List(),
      result: Map(),
    },
    { title: 'TKT-NNN.yaml', additionalProperties: true },
  ),
  express: Fields(
    {
      title: String(),
      status: Enum([...expressLifecycle.states]),
      claimed_by: Text(),
      acceptance_criteria: List(),
      result: Map(),
    },
    { title: 'EXP-NNN.yaml', additionalProperties: true },
  ),
  roadmap: Fields(
    {
      project: String(),
      stage: Optional(Enum([...roadmapLifecycle.states])),
      stage_history: List(),
      goals: List(),
      decision_gates: List(),
    },
    { title: 'roadmap.yaml', additionalProperties: true },
  ),
} as const
