/** The operations that see both engines. */
import { anyOperation, type Entry } from './entry.ts'

export const BRIDGE: readonly Entry[] = [
  {
    name: 'publish-bundle',
    load: async () => anyOperation((await import('../bridge/operations/publish-bundle.ts')).publishBundle),
  },
  {
    name: 'collect-bundle',
    load: async () => anyOperation((await import('../bridge/operations/collect-bundle.ts')).collectBundle),
  },
]
