/** Runs one operation from raw input to envelope: the only place that catches. */
import type { Operation } from './define.ts'
import { failure, success, type Envelope } from './envelope.ts'
import { OperationError, errorRow } from './errors.ts'
import { normaliseInput, optionsOf, type RawInput, type ReadText } from './input.ts'
import { judgeInput } from './validate.ts'

export interface Run<Context> {
  readonly operation: Operation
  readonly raw: RawInput
  readonly readText: ReadText
  /** Called once the input is known to be good. */
  readonly openContext: () => Promise<Opened<Context>>
  /** Filled by the operation's context while it runs. */
  readonly warnings: readonly string[]
}

export interface Opened<Context> {
  readonly context: Context
  /** What stands in every answer of the family. */
  readonly told: object
}

export interface Outcome {
  readonly envelope: Envelope
  /** What was thrown when the envelope says INTERNAL; shown under --debug only. */
  readonly fault?: unknown
}

/** Never throws. A failure that the operation did not list is our fault, and said to be. */
export async function runOperation<Context>(run: Run<Context>): Promise<Outcome> {
  try {
    const input = await normaliseInput(optionsOf(run.operation.input), run.raw, run.readText)
    const problem = judgeInput(run.operation.input, input)
    if (problem !== undefined) throw problem
    const { context, told } = await run.openContext()
    const output = await run.operation.run(input, context) // the validator has just accepted the input
    return { envelope: success({ ...told, ...output }, run.warnings) }
  } catch (thrown) {
    return outcomeOf(thrown, run.operation)
  }
}

/** The envelope of anything thrown. Without an operation only the universal errors are foreseen. */
export function outcomeOf(thrown: unknown, operation?: Operation): Outcome {
  const error = thrown instanceof OperationError ? thrown : fromFileSystem(thrown)
  if (error !== undefined && (errorRow(error.code).universal ?? operation?.errors.includes(error.code))) {
    return { envelope: failure(error) }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { envelope: failure(new OperationError('INTERNAL', `unexpected: ${message}`)), fault: thrown }
}

function fromFileSystem(thrown: unknown): OperationError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('syscall' in thrown)) return undefined
  const code = String(thrown.code)
  const path = 'path' in thrown ? String(thrown.path) : 'a file'
  const means = REFUSALS[code]
  if (means === undefined) return undefined
  const name = code === 'EFBIG' || code === 'EILSEQ' ? 'FILE_UNREADABLE' : 'STORE_UNAVAILABLE'
  return new OperationError(name, `${path}: ${means} (${code})`, { path, reason: code })
}

/** What the system says when it, and not the caller or this program, is the reason. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EBUSY: 'something else is using it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something else has that name',
  EFBIG: 'the file is too large to be read',
  EILSEQ: 'it is not UTF-8 text',
  EIO: 'the disk reports an error',
  EISDIR: 'a folder is where a file should be',
  ELOOP: 'symbolic links lead in a circle',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many open files',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a file is where a folder should be',
  ENOTSUP: 'the file system lacks hard links',
  EPERM: 'not permitted',
  ESTALE: 'somebody changed it while this command ran, run it again',
  EROFS: 'the file system is read-only',
  ETIMEDOUT: 'its writer did not come to an end',
  EXDEV: 'the store lies on more than one file system',
}
