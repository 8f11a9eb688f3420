import { describe, expect, test } from 'vitest'
import { glanceOf } from '../../../src/bundles/model/glance.ts'
import {
  deadlockWarning,
  readinessOf,
  waitedForAmong,
  workFor,
} from '../../../src/bundles/model/readiness.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { NOW, ticket } from './make.ts'

const standing = (...tickets: readonly Ticket[]) =>
  Object.fromEntries(
    readinessOf(tickets).map(({ ticket, state }) => [
      ticket.id,
      state === 'waiting' ? `waits for ${waitedForAmong(tickets, 3)(ticket).join(', ')}` : state,
    ]),
  )

const next = (agent: string, ...tickets: readonly Ticket[]): readonly string[] =>
  workFor(agent, readinessOf(tickets.map(glanceOf))).map(({ id }) => id)

const move = (agent: string, to: 'claimed' | 'done') => ({ from: 'open', to, timestamp: NOW, agent }) as const
const done = (id: string, agent = 'alice') =>
  ticket(id, { status: 'done', transition_log: [move(agent, 'done')] })

describe('a worker ticket', () => {
  test('waits until what it depends on is done, and nothing less', () => {
    const waiting = ticket('TKT-002', { depends_on: ['TKT-001'] })
    expect(standing(ticket('TKT-001'), waiting)).toEqual({
      'TKT-001': 'ready',
      'TKT-002': 'waits for TKT-001',
    })
    expect(standing(ticket('TKT-001', { status: 'failed' }), waiting)['TKT-002']).toBe('waits for TKT-001')
    expect(standing(done('TKT-001'), waiting)['TKT-002']).toBe('ready')
  })

  test('waits until every earlier wave is over; no wave is before the first', () => {
    const second = ticket('TKT-002', { wave: 2 })
    expect(standing(ticket('TKT-001', { wave: 1 }), second)['TKT-002']).toBe('waits for TKT-001')
    expect(standing(ticket('TKT-001'), second)['TKT-002']).toBe('waits for TKT-001')
    expect(standing(ticket('TKT-001', { wave: 1, status: 'failed' }), second)['TKT-002']).toBe('ready')
    expect(standing(ticket('TKT-001', { wave: 2 }), second)['TKT-002']).toBe('ready')
  })

  test('does not wait for tickets that do not exist, nor for itself', () => {
    expect(standing(ticket('TKT-001', { depends_on: ['TKT-099', 'TKT-001', 'soon'] }))['TKT-001']).toBe(
      'ready',
    )
  })

  test('in a circle waits for ever, which is said', () => {
    const one = ticket('TKT-001', { depends_on: ['TKT-002'] })
    const other = ticket('TKT-002', { depends_on: ['TKT-001'] })
    expect(standing(one, other)).toEqual({ 'TKT-001': 'waits for TKT-002', 'TKT-002': 'waits for TKT-001' })
  })

  test('that depends on one of a later wave waits for ever, which is said', () => {
    const early = ticket('TKT-001', { wave: 1, depends_on: ['TKT-002'] })
    const late = ticket('TKT-002', { wave: 2 })
    const says = 'TKT-001 depends on TKT-002 of a later wave, which waits for it'
    expect(standing(early, late)).toEqual({ 'TKT-001': 'waits for TKT-002', 'TKT-002': 'waits for TKT-001' })
    expect(deadlockWarning([early, late])).toBe(says)
    expect(deadlockWarning([early, late, ticket('TKT-003', { depends_on: ['TKT-002'] })])).toBe(
      `${says}, and 1 more like it`,
    )
    for (const status of ['claimed', 'blocked', 'done', 'failed'] as const)
      expect(deadlockWarning([early, ticket('TKT-002', { wave: 2, status })])).toBeUndefined()
    const held = ticket('TKT-001', { wave: 1, depends_on: ['TKT-002'], status: 'claimed' })
    expect(deadlockWarning([held, late])).toBeUndefined()
    expect(deadlockWarning([ticket('TKT-000', { depends_on: ['TKT-002'] }), late])).toBeUndefined()
  })

  test('is held while somebody works on it or it is blocked, and over at its end', () => {
    for (const status of ['claimed', 'in_progress', 'blocked'] as const)
      expect(standing(ticket('TKT-001', { status }))['TKT-001']).toBe('held')
    for (const status of ['done', 'failed'] as const)
      expect(standing(ticket('TKT-001', { status }))['TKT-001']).toBe('over')
  })
})

describe('the audit', () => {
  test('waits until all work is over', () => {
    expect(standing(done('TKT-001'), ticket('TKT-002'), ticket('TKT-A00'))['TKT-A00']).toBe(
      'waits for TKT-002',
    )
    expect(standing(done('TKT-001'), ticket('TKT-A00'))['TKT-A00']).toBe('ready')
  })

  test('is for somebody who did none of it', () => {
    expect(next('alice', done('TKT-001'), ticket('TKT-A00'))).toEqual([])
    expect(next('bob', done('TKT-001'), ticket('TKT-A00'))).toEqual(['TKT-A00'])
  })
})

test("work comes by wave, then by number; the integration is its coordinator's alone", () => {
  const tickets = [ticket('TKT-000'), ticket('TKT-001', { wave: 3 }), ticket('TKT-002'), ticket('TKT-003')]
  expect(next('bob', ...tickets)).toEqual(['TKT-002', 'TKT-003'])
  expect(standing(...tickets)['TKT-000']).toBe('ready')
})

test('of what is waited for as much is told as is asked for, what is needed first and each once', () => {
  const early = Array.from({ length: 20 }, (_, index) => ticket(`TKT-${101 + index}`, { wave: 1 }))
  const late = ticket('TKT-200', { wave: 2, depends_on: ['TKT-199', 'TKT-103'] })
  const tickets = [...early, ticket('TKT-199', { wave: 2 }), late, ticket('TKT-A00')]
  expect(waitedForAmong(tickets, 4)(late)).toEqual(['TKT-199', 'TKT-103', 'TKT-101', 'TKT-102'])
  expect(waitedForAmong(tickets, 30)(late)).toHaveLength(21)
  expect(waitedForAmong(tickets, 2)(ticket('TKT-A00'))).toEqual(['TKT-101', 'TKT-102'])
})

test('an empty list at a glance is as good as none', () => {
  const glance = glanceOf(ticket('TKT-001'))
  expect([glance.depends_on, glance.workers]).toEqual([undefined, undefined])
  expect(readinessOf([glance])).toEqual([{ ticket: glance, state: 'ready' }])
})

test('how a thousand tickets in ten waves stand is little more than the tickets', () => {
  const idOf = (number: number): string => `TKT-${String(number).padStart(3, '0')}`
  const tickets = Array.from({ length: 1000 }, (_, index) =>
    ticket(idOf(index + 1), { wave: Math.floor(index / 100), depends_on: [idOf(index)] }),
  )
  const standing = readinessOf(tickets)
  expect(standing.filter(({ state }) => state === 'waiting')).toHaveLength(999)
  expect(JSON.stringify(standing).length).toBeLessThan(2 * JSON.stringify(tickets).length)
})
