/** Runs what must pass before a worker ticket is closed: commands of the project, then those of the ticket's acceptance. */
import { parseCriterion, type CommandCriterion } from '../evidence/acceptance.ts'
import { checkCriterion } from '../evidence/check-criterion.ts'
import { OperationError } from '../operation/errors.ts'
import { cut } from '../operation/page.ts'
import type { DurableContext } from './context.ts'
import type { Verified } from './model/proof.ts'
import type { DurableTicket } from './model/ticket.ts'

interface Step {
  /** `verification.commands`, or `acceptance 2`. */
  readonly asked_by: string
  readonly criterion: CommandCriterion
  readonly shell: 'sh' | 'bash'
  readonly timeout_ms: number
  readonly variables: Readonly<Record<string, string>>
}

interface Place {
  readonly folder: string
  /** Asked before each command. */
  readonly stayAlive: () => Promise<void>
}

/** One after the other, up to the first that does not hold. Throws PRE_CLOSE_VERIFICATION_FAILED. */
export async function verify(
  context: DurableContext,
  ticket: DurableTicket,
  place: Place,
): Promise<readonly Verified[]> {
  const held: Verified[] = []
  for (const step of stepsOf(context, ticket)) held.push(await runStep(context, ticket.key, step, place))
  return held
}

/** Read before any is run: a command that nobody can read stops the close at once. */
function stepsOf(context: DurableContext, { key, acceptance }: DurableTicket): readonly Step[] {
  const { verification, acceptance_timeout_ms } = context.config()
  const ofProject = verification.commands.map((run): Step => ({
    asked_by: 'verification.commands',
    criterion: { type: 'command', run, expect_exit_code: 0 },
    shell: 'bash',
    timeout_ms: verification.timeout_ms,
    variables: { TKT_TICKET: key },
  }))
  const ofTicket = acceptance.flatMap((text, at): Step[] => {
    const asked_by = `acceptance ${at + 1}`
    const read = parseCriterion(text)
    if (!read.ok) throw refusal(`${key} is not closed: ${asked_by} is ${read.reason}`, { key, asked_by })
    if (typeof read.criterion === 'string') return []
    const variables = { TKT_TICKET: key, TKT_CRITERION: String(at + 1) }
    const { criterion } = read
    return [{ asked_by, criterion, shell: 'sh', timeout_ms: acceptance_timeout_ms, variables }]
  })
  return [...ofProject, ...ofTicket]
}

async function runStep(
  context: DurableContext,
  key: string,
  { asked_by, criterion, variables, ...limits }: Step,
  { folder, stayAlive }: Place,
): Promise<Verified> {
  await stayAlive()
  const checked_at = new Date(context.now_ms()).toISOString()
  const environment = { ...context.environment, ...variables }
  const { reason, outcome } = await checkCriterion(criterion, { ...limits, directory: folder, environment })
  const { run } = criterion
  const found = { asked_by, run: cut(run), exit_code: outcome?.exit_code ?? null }
  const output_tail = `${outcome?.stdout ?? ''}${outcome?.stderr ?? ''}`.slice(-TAIL_CHARACTERS)
  if (reason === undefined && outcome?.exit_code !== undefined) {
    const { exit_code, duration_ms } = outcome
    return { asked_by, run, checked_at, exit_code, duration_ms, output_tail }
  }
  throw refusal(`${key} is not closed: \`${cut(run)}\` (${asked_by}): ${reason ?? 'it has no exit code'}`, {
    ...{ key, folder, ...found, reason },
    output_tail,
  })
}

const TAIL_CHARACTERS = 1000

/** `verification` is what the published program tells of it. */
function refusal(
  message: string,
  { key, folder, ...verification }: Readonly<Record<string, unknown>>,
): OperationError {
  return new OperationError('PRE_CLOSE_VERIFICATION_FAILED', message, {
    ticket_id: key,
    ...(folder === undefined ? {} : { folder }),
    verification: { passed: false, ...verification },
  })
}
