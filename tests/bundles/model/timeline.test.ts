import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { timelineOf } from '../../../src/bundles/model/timeline.ts'
import { drawn, readDiagram } from '../../support/mermaid.ts'
import { ticket } from './make.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString()
const move = (to: string, minute: number, agent = 'ann') => ({ from: 'x', to, timestamp: at(minute), agent })

const worked = (id: string, fields: Readonly<Record<string, unknown>> = {}): Ticket =>
  ticket(id, { transition_log: [move('claimed', 0), move('in_progress', 5), move('done', 30)], ...fields })

/** Section, words, minutes from and to of each bar, as Mermaid reads it. */
async function barsOf(tickets: readonly Ticket[]): Promise<readonly (readonly unknown[])[]> {
  const { getTasks } = await readDiagram(timelineOf(tickets) ?? '')
  const minute = (time: Date): number => (time.getTime() - new Date(2026, 2, 1, 12).getTime()) / 60_000
  return (getTasks?.() ?? []).map(({ section, task, startTime, endTime }) => [
    section,
    drawn(task).trim(),
    minute(startTime),
    minute(endTime),
  ])
}

describe('a timeline', () => {
  test('has a bar from each claim to its end, by wave; a reopen makes a further one', async () => {
    const log = [move('claimed', 0), move('done', 10), move('open', 20), move('claimed', 30, 'bob')]
    const tickets = [
      worked('TKT-000'),
      worked('TKT-001', { wave: 2 }),
      ticket('TKT-002', { wave: 1, transition_log: [...log, move('failed', 50)] }),
      worked('TKT-A00'),
    ]
    expect(await barsOf(tickets)).toEqual([
      ['Integration', 'TKT-000 Do TKT-000 - ann', 0, 30],
      ['Wave 1', 'TKT-002 Do TKT-002 - ann', 0, 10],
      ['Wave 1', 'TKT-002 Do TKT-002 - bob', 30, 50],
      ['Wave 2', 'TKT-001 Do TKT-001 - ann', 0, 30],
      ['Audit', 'TKT-A00 Do TKT-A00 - ann', 0, 30],
    ])
  })

  test('ends a bar where somebody else takes over', async () => {
    const transition_log = [move('claimed', 0), move('claimed', 60, 'bob'), move('done', 70)]
    expect((await barsOf([ticket('TKT-001', { transition_log })])).map(([, ...bar]) => bar)).toEqual([
      ['TKT-001 Do TKT-001 - ann', 0, 60],
      ['TKT-001 Do TKT-001 - bob', 60, 70],
    ])
  })

  test('says nothing of what was not claimed, goes on, or has no readable times', () => {
    const logs = [[], [move('done', 1)], [move('claimed', 1)], [{ ...move('claimed', 1), timestamp: 'noon' }]]
    expect(timelineOf(logs.map((transition_log) => ticket('TKT-001', { transition_log })))).toBeUndefined()
  })

  test('of many tickets has a bar a wave, and stays within what code hosts draw', async () => {
    const title = '%'.repeat(500)
    const many = Array.from({ length: 1000 }, (_, index) =>
      worked(`TKT-${String(index + 1).padStart(3, '0')}`, { title, wave: index % 7 }),
    )
    expect(await barsOf(many)).toHaveLength(7)
    expect(await barsOf(many)).toContainEqual(['Waves', 'Wave 6, 142 claims', 0, 30])
    const largest = timelineOf(many.slice(0, 100)) ?? ''
    expect(largest.length).toBeLessThan(50_000)
    expect(await barsOf(many.slice(0, 100))).toHaveLength(100)
  })

  test('draws titles and names as they are, whatever they hold', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(
        'a: b, c',
        'section x',
        'click a call b()',
        '%% no',
        '%%{init: {}}%%',
        'x #58; y;',
        '---',
      ),
    )
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (title, agent) => {
        const transition_log = [move('claimed', 0, agent), move('done', 30)]
        const [bar] = await barsOf([ticket('TKT-001', { title, transition_log })])
        const who = agent === '' ? '' : ` - ${flat(agent)}`
        expect(bar).toEqual(['Work', `TKT-001 ${flat(title)}${who}`.trim(), 0, 30])
      }),
    )
  })
})

const flat = (text: string): string =>
  text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim()
