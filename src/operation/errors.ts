/** Every way an operation may fail: one class, and the tables that give a failure its exit code and its published number. */
import { BUNDLE_ERRORS } from './error-table/bundles.ts'
import { DURABLE_ERRORS } from './error-table/durable.ts'
import type { ErrorRow } from './error-table/row.ts'
import { UNIVERSAL_ERRORS } from './error-table/universal.ts'
import { UPKEEP_ERRORS } from './error-table/upkeep.ts'

export { KINDS, type ErrorKind } from './error-table/row.ts'

export const ERRORS = { ...UNIVERSAL_ERRORS, ...BUNDLE_ERRORS, ...UPKEEP_ERRORS, ...DURABLE_ERRORS } as const

export type ErrorName = keyof typeof ERRORS

/** Whether the durable engine raises it, whose published program told the name as `legacy_code`. */
export const isDurable = (name: ErrorName): boolean => name in DURABLE_ERRORS

/** The table's row of a name. */
export const errorRow = (name: ErrorName): ErrorRow => ERRORS[name]

/**
 * A foreseen failure of an operation. `details` is data for programs; `hint` overrides the table's next step. In a hint
 * `{bundle}` stands for that detail.
 */
export class OperationError extends Error {
  readonly code: ErrorName
  readonly details: Readonly<Record<string, unknown>>
  readonly hint: string

  constructor(
    code: ErrorName,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    hint?: string,
  ) {
    super(message)
    this.name = 'OperationError'
    this.code = code
    this.details = details
    this.hint = filledIn(hint ?? ERRORS[code].hint, details)
  }
}

const filledIn = (hint: string, details: Readonly<Record<string, unknown>>): string =>
  hint.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = details[name]
    return typeof value === 'string' ? value : name.toUpperCase()
  })
