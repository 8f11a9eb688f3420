/** The error of every database that cannot do what it is asked. */

/** Why a database cannot be used; the hint says what to do, or else the message does. */
export class DatabaseRefused extends Error {
  override readonly name: string = 'DatabaseRefused'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}
