/** From what a caller typed about a ticket to what the store keeps: criteria read, types checked. */
import { parseCriterion, type Criterion } from '../../evidence/acceptance.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'

export type Criteria =
  { readonly ok: true; readonly criteria: readonly Criterion[] } | Refusal<'INPUT_INVALID'>

/** `--acceptance` texts (a `{type: command, …}` among them is a command criterion) and `--run` commands, in that order. */
export function readCriteria(acceptance: readonly string[], run: readonly string[]): Criteria {
  const criteria: Criterion[] = []
  for (const text of acceptance) {
    const parsed = parseCriterion(text)
    if (!parsed.ok)
      return refuse('INPUT_INVALID', `--acceptance ${JSON.stringify(text.slice(0, 80))}: ${parsed.reason}`)
    criteria.push(parsed.criterion)
  }
  return {
    ok: true,
    criteria: [
      ...criteria,
      ...run.map((command) => ({ type: 'command' as const, run: command, expect_exit_code: 0 })),
    ],
  }
}
