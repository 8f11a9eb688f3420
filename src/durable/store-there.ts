/** Whether there is a store, told without loading the engine. */
import { existsSync } from 'node:fs'
import type { Place } from '../system/project-root.ts'
import { serverNamed, type Environment } from './model/server-named.ts'

/** The file of the embedded database. */
export const embeddedFile = (place: Place): string => `${place.store}/tickets.db`

/** False where the first use is still to make it; what is on a server is taken to be there. */
export const isStoreThere = (environment: Environment, place: Place): boolean =>
  serverNamed(environment) !== undefined || existsSync(embeddedFile(place))
