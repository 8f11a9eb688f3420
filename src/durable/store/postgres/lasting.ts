/** A place that outlasts its connection: a server that is restarted is waited for, and asked again what may be asked twice. */
import { elapsed_ms, pause } from '../../../system/clock.ts'
import { DatabaseRefused } from '../database-refused.ts'
import { ServerRefused } from './database.ts'
import type { Place } from './place.ts'

export interface LastingPlace {
  readonly now: () => Place
  /** Does the work, over a new connection if the old one is lost meanwhile and the work may be done twice. */
  readonly through: <T>(work: (place: Place) => Promise<T>, isRepeatable: boolean) => Promise<T>
}

/** Throws DatabaseRefused. */
export async function lastingPlace(open: () => Promise<Place>): Promise<LastingPlace> {
  let place = await patiently(open, REFUSED_MS)
  return {
    now: () => place,
    through: async (work, isRepeatable) => {
      try {
        return await work(place)
      } catch (error) {
        if (!isLost(error)) throw error
        place.database.close()
        place = await patiently(open, RESTART_MS) // survived: whatever comes next has a connection again
        if (isRepeatable || wasNotSent(error)) return work(place)
        throw new DatabaseRefused(`${error.message}; whether it was done is not known`, LOOK)
      }
    },
  }
}

/** How long a server that says it is being started or stopped is waited for, and whatever becomes of a connection there was. */
const RESTART_MS = 10_000
/** How long one that nobody has reached yet: it may be a wrong address. */
const REFUSED_MS = 1_000

const LOOK =
  'see with `tkt show-ticket` what came of it; commands with an --idempotency-key may be sent again'

async function patiently(open: () => Promise<Place>, refused_ms: number): Promise<Place> {
  const begun_ms = elapsed_ms()
  for (;;)
    try {
      return await open()
    } catch (error) {
      const most_ms = isRestarting(error) ? RESTART_MS : isLost(error) ? refused_ms : 0
      if (elapsed_ms() - begun_ms >= most_ms) throw error
      await pause(50) // survived: it is asked until it is there, for a while
    }
}

/** admin_shutdown, crash_shutdown, cannot_connect_now. */
const isRestarting = (error: unknown): boolean =>
  error instanceof ServerRefused && ['57P01', '57P02', '57P03'].includes(error.code)

function isLost(error: unknown): error is ServerRefused {
  if (!(error instanceof ServerRefused)) return false
  return isRestarting(error) || LOST.includes(error.code) || /terminated|not queryable/.test(error.message)
}

/** The connection was known to be lost before. */
const wasNotSent = ({ message }: ServerRefused): boolean => message.includes('not queryable')

const LOST = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE']
