/** Which sessions may claim a ticket: those that are named, each whole or by its beginning; all where none is. */

/** A session, or with `*` behind it all that begin so. */
export const ASSIGNABLE_ENTRY = /^[!-~]{1,100}$/

/** The databases judge the same in SQL: see IS_FOR in their turn.ts. */
export const mayClaim = (assignable_to: readonly string[], session: string): boolean =>
  assignable_to.length === 0 ||
  assignable_to.some((entry) =>
    entry.endsWith('*') ? session.startsWith(entry.slice(0, -1)) : entry === session,
  )
