/** A refusal that the rules foresee: a value, which the operation turns into the error of the same name. */

export interface Refusal<Name extends string> {
  readonly ok: false
  readonly refused: Name
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

export function refuse<Name extends string>(
  refused: Name,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): Refusal<Name> {
  return { ok: false, refused, message, details }
}
