/** What a command is told that is sent again, or that was given the name of another. */
import type { Known, Request } from '../../operation/request.ts'

/** Another command has that name. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused'
  readonly known: Omit<Known, 'told'>
  constructor(known: Known) {
    super(`${known.key} names another command`)
    this.known = known
  }
}

/** What was told to the command of that name, marked as such. Throws KeyReused. */
export function toldBefore(known: Known, { print }: Request): object {
  if (known.print !== print) throw new KeyReused(known)
  const told = JSON.parse(known.told) as object | readonly object[]
  const again = (one: object): object => ({ ...one, replayed: true })
  return Array.isArray(told) ? (told as readonly object[]).map(again) : again(told)
}
