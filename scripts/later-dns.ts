/** What the driver of PostgreSQL asks of node's dns, which loads only then: the sockets that it opens do without. */
import type { LookupAddress } from 'node:dns'

export const lookup = (
  host: string,
  told: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[]) => void,
): void => {
  process.getBuiltinModule('node:dns').lookup(host, {}, told)
}
