/** The laws of the method and the ways of working together, as reports repeat them (contracts: durable sections 1.4 and 6.1). */
import type { SubagentUse } from './subagent.ts'

export type Policy = typeof DEFAULTS

/** With the project's own sentences in place of ours. */
export function policyOf(written: Readonly<Record<string, string>>): Policy {
  const known = Object.entries(written).filter(([name]) => name in DEFAULTS)
  return { ...DEFAULTS, ...Object.fromEntries(known) }
}

const DEFAULTS = {
  one_ticket_at_a_time: 'A session works on one ticket at a time.',
  keep_picking_open_stale: 'A session goes on while there are OPEN or STALE worker tickets.',
  integrator_only_closure: 'Only the integrator ticket closes the batch.',
  question_tool_policy: 'Ask with the question tool where there is one and the way forks.',
  question_tool_prompt_shape: '2 to 4 options, one recommended, single choice',
  fallback_policy: 'Without a question tool: one structured single-choice prompt.',
  subagent_policy:
    'Subagents are welcome where work comes apart cleanly, within the scope of the claimed ticket.',
  cross_ticket_loophole_policy: 'forbidden',
}

export const collaborationPolicy = ({
  one_ticket_at_a_time: _,
  keep_picking_open_stale: __,
  integrator_only_closure: ___,
  ...collaboration
}: Policy) => ({
  question_tool_first: true,
  subagent_scope_enforced: true,
  cross_ticket_loophole: 'forbidden',
  ...collaboration,
})

/** Who may end what. */
export const RULES_OF_CLOSURE = {
  worker_closure_rule: 'A worker closes its own ticket; it cannot declare batch complete.',
  integrator_closure_rule:
    'The batch ends with only the integrator ticket: when no worker ticket is open, stale or in hand, and what is blocked or failed is accepted for a reason.',
  stale_handling_model:
    'STALE: in hand, and nothing was heard of its session for as long as its lease; anybody may take it over.',
}

/** How subagents are used, as a report tells it of the session's ticket. */
export const usageBlock = (policy: Policy, scope_ticket_id: string | null, uses: readonly SubagentUse[]) => ({
  question_tool_used: 'no-branch-decision-required',
  question_tool_prompt_shape: policy.question_tool_prompt_shape,
  scope_ticket_id,
  subagent_usage: uses,
  subagent_playbook: PLAYBOOK,
  why_subagent_was_needed_or_not_needed:
    uses.length === 0
      ? 'No subagent was needed: none is on record for this ticket.'
      : (uses.findLast(({ why_needed }) => why_needed !== undefined)?.why_needed ??
        'Subagents were used as subagent_usage tells; nobody said why.'),
})

const PLAYBOOK = {
  preferred_use_cases: [
    'reading much at once',
    'independent parts of one ticket',
    'a second look at a result',
  ],
  non_use_cases: ['work for another ticket', 'a small change', 'deciding what the ticket asks for'],
  reporting_contract: [
    'subagent_name',
    'purpose',
    'ticket_scope',
    'write_capability_used',
    'why_subagent_was_needed_or_not_needed',
  ],
}
