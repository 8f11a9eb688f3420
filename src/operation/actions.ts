/** Operations that are several under one name: a word picks the action, and inputs that it does not read are told. */
import { OperationError } from './errors.ts'
import { flagOf } from './input.ts'

export interface Action<Request, Context, Answer> {
  readonly run: (request: Request, context: Context) => Promise<Answer>
  /** The inputs that it reads; of any other the caller is told that it means nothing here. */
  readonly takes: readonly (keyof Request & string)[]
}

/** The action of that name. Throws UNKNOWN_COMMAND with all names; warns of inputs that it has no use for. */
export function pickAction<Request extends object, Context, Answer>(
  operation: string,
  name: string,
  { actions, request, warn }: Choice<Request, Context, Answer>,
): Action<Request, Context, Answer> {
  const action = actions.get(name)
  if (action === undefined) {
    const names = [...actions.keys()].join(', ')
    throw new OperationError(
      'UNKNOWN_COMMAND',
      `${operation} has no action ${JSON.stringify(name)}: ${names}`,
      { action: name },
    )
  }
  const idle = Object.keys(request).filter((field) => !['action', ...action.takes].includes(field))
  if (idle.length > 0) warn(`${operation} ${name} has no use for ${idle.map(flagOf).join(', ')}`)
  return action
}

interface Choice<Request, Context, Answer> {
  readonly actions: ReadonlyMap<string, Action<Request, Context, Answer>>
  readonly request: Request
  readonly warn: (text: string) => void
}
