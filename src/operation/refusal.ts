/** A refusal that the rules foresee: a value, which the operation turns into the error of the same name. */

export interface Refusal<Name extends string> {
  readonly ok: false
  readonly refused: Name
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
  /** The next step, where it is another than the error's own. */
  readonly hint?: string | undefined
}

export function refuse<Name extends string>(
  refused: Name,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  hint?: string,
): Refusal<Name> {
  return { ok: false, refused, message, details, hint }
}
