/** The error of every database that cannot do what it is asked. */

/** Why a database cannot be used; the message says what to do. */
export class DatabaseRefused extends Error {
  override readonly name: string = 'DatabaseRefused'
}
