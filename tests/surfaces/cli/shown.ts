/** Answers as a terminal shows them, without colours. */
import { stripVTControlCharacters } from 'node:util'
import { failure, success } from '../../../src/operation/envelope.ts'
import type { OperationError } from '../../../src/operation/errors.ts'
import { findRow } from '../../../src/registry.ts'
import { showAnswer } from '../../../src/surfaces/cli/terminal.ts'

/** The output of an operation, by the name one types. */
export function shown(name: string, output: object, columns = 80, warnings: readonly string[] = []): string {
  const row = findRow(name)
  if (row === undefined) throw new Error(`no operation ${name}`)
  return stripVTControlCharacters(showAnswer({ envelope: success(output, warnings), row }, { columns }))
}

export const shownRefusal = (error: OperationError): string =>
  stripVTControlCharacters(showAnswer({ envelope: failure(error) }, { columns: 80 }))
