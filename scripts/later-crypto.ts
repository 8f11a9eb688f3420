/** What the driver of PostgreSQL needs of node's crypto, which loads when a server wants a password: 4 ms that a socket saves. */
import type { webcrypto as WebCrypto } from 'node:crypto'

const real = () => process.getBuiltinModule('node:crypto')

export const createHash = (algorithm: string) => real().createHash(algorithm)

/** The driver takes `subtle` out of it as it is loaded. */
export const webcrypto = {
  getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => real().webcrypto.getRandomValues(bytes),
  subtle: new Proxy({} as WebCrypto.SubtleCrypto, {
    get: (_, name: keyof WebCrypto.SubtleCrypto) => {
      const { subtle } = real().webcrypto
      return (subtle[name] as (...asked: unknown[]) => unknown).bind(subtle)
    },
  }),
}
