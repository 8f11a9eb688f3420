/** What SQLite says when it cannot do its work, and what to do about it. */

export interface Cause {
  readonly says: string
  readonly hint: string
}

/** Undefined for an error that is none of SQLite's. */
export function causeOf(error: unknown): Cause | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return undefined
  const code = 'errcode' in error ? Number(error.errcode) & 0xff : 0
  const { says, hint } = CAUSES[code] ?? OTHER
  return { says: says === '' ? error.message : `${says} (${error.message})`, hint }
}

const AGAIN = 'then run the same command again: nothing of it was written'
/** Of a file that is none, or not whole. */
export const ANOTHER_FILE = 'put a copy of it in its place, or move it away and `tkt db import` an export'

const OTHER: Cause = { says: '', hint: `mend what the message names, ${AGAIN}` }

/** By the primary result code. */
const CAUSES: Readonly<Record<number, Cause>> = {
  5: { says: 'another process was writing to it all the time', hint: 'run the same command again' },
  8: { says: 'this user may not write it, or its folder', hint: `allow it, ${AGAIN}` },
  10: { says: 'the disk is full, or reports an error', hint: `make room, or look at the disk, ${AGAIN}` },
  11: { says: 'it is damaged', hint: ANOTHER_FILE },
  13: { says: 'the disk is full', hint: `make room, ${AGAIN}` },
  14: { says: 'it is a folder, or this user may not open it', hint: `mend that, ${AGAIN}` },
  26: { says: 'it is no database', hint: ANOTHER_FILE },
}
