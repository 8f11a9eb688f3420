/** What makes a section of a note unusable, as a value: the operation turns it into the error of the same name. */

export interface NoteRefusal {
  readonly kind: 'refused'
  /** The published `legacy_code`. */
  readonly refused: RefusedNote
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

export type RefusedNote = 'EMPTY_TICKET_BATCH' | 'INVALID_TICKET_BLOCK' | 'REVIEW_INBOX_FORMAT_UNSUPPORTED'

/** Nothing is there to read: no section, or none with anything in it. */
export interface Empty {
  readonly kind: 'empty'
}

export function refuse(refused: RefusedNote, message: string, details: NoteRefusal['details']): NoteRefusal {
  return { kind: 'refused', refused, message, details }
}
