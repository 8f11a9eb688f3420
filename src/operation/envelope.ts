/** The one JSON object that ends every command: what success and failure look like, and their exit codes. */
import { ERRORS, isDurable, KINDS, type OperationError } from './errors.ts'

export interface Success {
  readonly ok: true
  readonly [field: string]: unknown
}

export interface Failure {
  readonly ok: false
  readonly status: 'error'
  readonly error: string
  readonly error_code: string
  /** The same as `error`, for scripts of the published durable program. */
  readonly legacy_code?: string
  readonly severity: 'medium' | 'high' | 'critical'
  readonly message: string
  readonly hint: string
  readonly details?: Readonly<Record<string, unknown>>
}

export type Envelope = Success | Failure

/** The answer of an operation that succeeded; `warnings` is left out when there are none. */
export function success(output: object, warnings: readonly string[] = []): Success {
  return { ok: true, ...output, ...(warnings.length > 0 ? { warnings } : {}) }
}

/** The answer of one that did not. `status`, `legacy_code` and `severity` keep the published shape
 * (contracts: filesystem section 3, durable section 3.8). */
export function failure(error: OperationError): Failure {
  const { code, message, hint, details } = error
  return {
    ok: false,
    status: 'error',
    error: code,
    error_code: ERRORS[code].code,
    ...(isDurable(code) ? { legacy_code: code } : {}),
    severity: KINDS[ERRORS[code].kind].severity,
    message,
    hint,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  }
}

/** An envelope, or a part that comes before it, as one line, whatever its reader takes for the end of a line (Python: also NEL, LS and PS). */
export const lineOf = (record: object): string =>
  JSON.stringify(record).replace(/[\u007f-\u009f\u2028\u2029]/g, escaped)

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** 0, or the exit code of the failure's kind; 1 when `verdict` names a field of the answer, and that says no. */
export function exitCodeOf(envelope: Envelope, verdict?: string): number {
  if (!envelope.ok) return KINDS[ERRORS[envelope.error as keyof typeof ERRORS].kind].exit
  return verdict !== undefined && envelope[verdict] === false ? 1 : 0
}
