/** The ids of engine 1: their forms, their numbers, and the next free one. */
import { Unsafe } from 'typebox'
import { formed } from '../../operation/schema.ts'

export type BundleId = string & { readonly brand: 'BundleId' }
export type TicketId = string & { readonly brand: 'TicketId' }
export type ExpressId = string & { readonly brand: 'ExpressId' }

const TICKET = 'TKT-([0-9]{3,9}|A[0-9]{2})'
const EXPRESS = 'EXP-[0-9]{3,9}'

export const INTEGRATE = 'TKT-000' as TicketId // the form is right by construction
export const AUDIT = 'TKT-A00' as TicketId // the form is right by construction

export const bundleField = (description: string) =>
  Unsafe<BundleId>(formed(description, '^B-[0-9]{3,9}$', 'a bundle id such as B-001'))
export const ticketField = (description: string) =>
  Unsafe<TicketId>(formed(description, `^${TICKET}$`, 'a ticket id such as TKT-001 or TKT-A00'))
export const expressField = (description: string) =>
  Unsafe<ExpressId>(formed(description, `^${EXPRESS}$`, 'an express ticket id such as EXP-001'))
export const anyTicketField = (description: string) =>
  Unsafe<TicketId | ExpressId>(
    formed(description, `^(${TICKET}|${EXPRESS})$`, 'a ticket id such as TKT-001, TKT-A00 or EXP-001'),
  )

export const goalField = (description: string) =>
  formed(description, '^[A-Za-z][A-Za-z0-9._-]{0,49}$', 'a goal id such as G-001')

export const isBundleId = (text: string): text is BundleId => /^B-[0-9]{3,9}$/.test(text)
export const isTicketId = (text: string): text is TicketId => /^TKT-([0-9]{3,9}|A[0-9]{2})$/.test(text)
export const isExpressId = (text: string): text is ExpressId => /^EXP-[0-9]{3,9}$/.test(text)

/** What a ticket is for follows from its id alone, so that no field edited by hand can take a ticket out of a gate. */
export function roleOf(id: TicketId): 'main' | 'audit' | 'worker' {
  if (id === INTEGRATE) return 'main'
  return id.startsWith('TKT-A') ? 'audit' : 'worker'
}

/** The number in an id; audit tickets have none of their own and sort last. */
export const numberOf = (id: BundleId | TicketId | ExpressId): number =>
  id.startsWith('TKT-A') ? Number.MAX_SAFE_INTEGER : Number(id.slice(id.indexOf('-') + 1))

/** Ids of one kind; of the same length they stand in the order of their characters, which is quick to tell. */
export const byNumber = (a: BundleId | TicketId | ExpressId, b: BundleId | TicketId | ExpressId): number =>
  (a.length === b.length ? 0 : numberOf(a) - numberOf(b)) || Number(a > b) - Number(a < b) // localeCompare loads the tables of all languages: 9 ms

export const bundleId = (number: number): BundleId => `B-${padded(number)}` as BundleId // the form is right by construction
export const workerId = (number: number): TicketId => `TKT-${padded(number)}` as TicketId // the form is right by construction
export const expressId = (number: number): ExpressId => `EXP-${padded(number)}` as ExpressId // the form is right by construction

/** One more than the greatest number in use; a gap is never filled (contracts: filesystem section 4.8). */
export const nextNumber = (ids: readonly (BundleId | TicketId | ExpressId)[]): number =>
  1 + Math.max(0, ...ids.map(numberOf).filter((number) => number < Number.MAX_SAFE_INTEGER))

const padded = (number: number): string => String(number).padStart(3, '0')
