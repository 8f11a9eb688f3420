/** What the tests of ticket stores ask of them: at noon, with leases of an hour. */
import type { Act } from '../../../src/durable/model/claiming.ts'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { Terms } from '../../../src/durable/store/ticket-store.ts'

export const HOUR = 3_600_000
export const NOON = Date.parse('2026-03-01T12:00:00Z')
export const TERMS: Terms = { lease_ms: HOUR, oneAtATime: true }

export const draft = (key: string, more: Partial<Draft> = {}): Draft => ({
  ...{ key, title: `Title of ${key}`, summary: 'what to do', type: 'WORKER', source: 'manual' },
  ...more,
})

export const act = (session: string, after_ms = 0, more: Partial<Act> = {}): Act => ({
  session,
  now_ms: NOON + after_ms,
  ...more,
})
