/**
 * Proves from the event log alone that no ticket was ever in two hands, that every claim was legal, and that whatever was
 * acknowledged is there. What it finds wrong is a line each.
 */
import type { FollowedEvent } from '../../../src/durable/model/event.ts'

/** What a process was told, as it wrote it down. */
export interface Acknowledged {
  readonly session: string
  readonly words: readonly string[]
}

interface Standing {
  holder: string | undefined
  claim_no: number
  status: string
  leased_until_ms: number
}

export function faultsIn(
  events: readonly FollowedEvent[],
  acknowledged: readonly Acknowledged[],
  lease_ms: number,
): readonly string[] {
  const faults: string[] = []
  const tickets = new Map<string, Standing>()
  const busy = new Map<string, string>()
  const onRecord = new Set<string>()
  for (const { key, type: name, actor = '', claim_no = 0, from, to, at_ms } of events) {
    const type = name.replace('ticket.', '')
    const told = `${type} of ${key} by ${actor} (claim ${claim_no})`
    if (type === 'created') {
      if (tickets.has(key)) faults.push(`${key} was created twice`)
      tickets.set(key, { holder: undefined, claim_no: 0, status: 'OPEN', leased_until_ms: 0 })
      continue
    }
    const ticket = tickets.get(key)
    if (ticket === undefined) {
      faults.push(`${told}: there is no such ticket`)
      continue
    }
    if (from !== ticket.status) faults.push(`${told}: from ${from ?? '-'} while it is ${ticket.status}`)
    onRecord.add(`${WORDS[type] ?? type} ${key} ${claim_no}`)
    if (type === 'claimed' || type === 'taken_over') {
      if (type === 'claimed' && ticket.holder !== undefined) faults.push(`${told}: ${ticket.holder} holds it`)
      if (type === 'taken_over' && ticket.holder === undefined) faults.push(`${told}: nobody holds it`)
      // Renewals are no events: the lease lasted at least so long.
      if (type === 'taken_over' && at_ms < ticket.leased_until_ms)
        faults.push(`${told}: ${ticket.leased_until_ms - at_ms} ms before its lease was over`)
      if (claim_no !== ticket.claim_no + 1) faults.push(`${told}: after claim ${ticket.claim_no}`)
      const other = busy.get(actor)
      if (other !== undefined && other !== key) faults.push(`${told}: they hold ${other} as well`)
      if (ticket.holder !== undefined) busy.delete(ticket.holder)
      Object.assign(ticket, { holder: actor, claim_no, leased_until_ms: at_ms + lease_ms })
      busy.set(actor, key)
    } else {
      if (ticket.holder !== actor) faults.push(`${told}: ${ticket.holder ?? 'nobody'} holds it`)
      if (claim_no !== ticket.claim_no) faults.push(`${told}: claim ${ticket.claim_no} is the last one`)
      if (['closed', 'failed', 'released'].includes(type)) {
        ticket.holder = undefined
        busy.delete(actor)
      }
      if (type === 'blocked') busy.delete(actor)
      if (type === 'unblocked') busy.set(actor, key)
    }
    ticket.status = to ?? ticket.status
  }
  for (const { session, words } of acknowledged) {
    const [word = '', key = '', number = ''] = words
    if (word.startsWith('refused-') || word === 'nothing-left') continue
    const wanted = `${word} ${key} ${number}`
    if (!onRecord.has(wanted)) faults.push(`${session} was told: ${wanted}, and it is on no record`)
  }
  return faults
}

/** How the moves are called that the events tell of. */
const WORDS: Readonly<Record<string, string>> = {
  taken_over: 'claimed',
  closed: 'close',
  released: 'release',
  blocked: 'block',
  unblocked: 'unblock',
  failed: 'fail',
}
