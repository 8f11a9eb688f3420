import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EVENTS,
  formatEvent,
  parseEvent,
  type HistoryEvent,
} from '../../../src/bundles/model/history-event.ts'
import { NOW } from './make.ts'

const line = (event: HistoryEvent['event'], fields: HistoryEvent['fields']): string =>
  formatEvent({ event, fields }, NOW)

describe('a line of the history', () => {
  test.each<readonly [string, HistoryEvent['event'], HistoryEvent['fields'], string]>([
    ['has no fields', 'INIT', {}, 'INIT'],
    [
      'leaves plain words bare',
      'TICKET_CLAIMED',
      { bundle: 'B-001', agent: 'alice' },
      'TICKET_CLAIMED bundle=B-001 agent=alice',
    ],
    [
      'writes numbers',
      'BUNDLE_CLOSED',
      { bundle: 'B-001', done: 3, failed: 0 },
      'BUNDLE_CLOSED bundle=B-001 done=3 failed=0',
    ],
    [
      'leaves out what is not known',
      'TICKET_CLAIMED',
      { agent: 'a', role: undefined },
      'TICKET_CLAIMED agent=a',
    ],
    ['always quotes titles', 'TICKET_ADDED', { title: 'Slugs' }, 'TICKET_ADDED title="Slugs"'],
    [
      'always quotes goals',
      'BUNDLE_CREATED',
      { id: 'B-001', goal: 'Ship' },
      'BUNDLE_CREATED id=B-001 goal="Ship"',
    ],
    ['always quotes reasons', 'ROADMAP_TRANSITION', { reason: 'go' }, 'ROADMAP_TRANSITION reason="go"'],
    ['quotes an agent with a space', 'TICKET_CLAIMED', { agent: 'team a' }, 'TICKET_CLAIMED agent="team a"'],
    ['quotes an agent with an equals sign', 'TICKET_CLAIMED', { agent: 'a=b' }, 'TICKET_CLAIMED agent="a=b"'],
    ['quotes an empty word', 'TICKET_CLAIMED', { agent: '' }, 'TICKET_CLAIMED agent=""'],
    [
      'keeps other writing as it is',
      'TICKET_CLAIMED',
      { agent: 'ärztin/å' },
      'TICKET_CLAIMED agent=ärztin/å',
    ],
    [
      'keeps a forged line inside its quotes',
      'TICKET_ADDED',
      { title: 'x"\n[t] INIT a=b' },
      'TICKET_ADDED title="x\\"\\n[t] INIT a=b"',
    ],
  ])('%s', (_title, event, fields, written) => {
    expect(line(event, fields)).toBe(`[${NOW}] ${written}`)
  })

  test('has only names of the published form', () => {
    expect(EVENTS.filter((event) => !/^[A-Z_]{1,40}$/.test(event))).toEqual([])
    expect(EVENTS.slice(0, 11)).toEqual(
      (
        'INIT BUNDLE_CREATED TICKET_ADDED TICKET_CLAIMED TICKET_UPDATED BUNDLE_CLOSED EXPRESS_CREATED ' +
        'EXPRESS_CLAIMED EXPRESS_UPGRADED EXPRESS_CLOSED ROADMAP_TRANSITION'
      ).split(' '),
    )
  })

  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\r',
        ' ',
        '=',
        'a',
        ']',
        '[',
        'title=',
        '\u2028',
        '\u0085',
        '\u0000',
        '{',
      ),
    }),
  )

  test('is read back as it was, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EVENTS),
        fc.dictionary(
          fc.constantFrom('bundle', 'ticket', 'agent', 'title', 'goal', 'reason', 'taken_over_from'),
          hostile,
        ),
        (event, fields) => {
          expect(parseEvent(line(event, fields))).toEqual({ at: NOW, event, fields: { ...fields } })
        },
      ),
    )
  })

  test('is one line to every reader, whatever it says', () => {
    fc.assert(
      fc.property(hostile, hostile, (agent, title) => {
        expect(line('TICKET_ADDED', { agent, title })).not.toMatch(
          /[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/,
        )
      }),
    )
  })

  test('may hold the longest reason there is', () => {
    const reason = '"\\\n'.repeat(70_000)
    expect(parseEvent(line('TICKET_REOPENED', { reason, agent: 'a' }))?.fields).toEqual({
      reason,
      agent: 'a',
    })
  }, 5000)
})

describe('a line of somebody else', () => {
  test.each([
    [
      'of the published tool',
      `[${NOW}] TICKET_ADDED bundle=B-001 ticket=TKT-001 title="Say hello"`,
      { bundle: 'B-001', ticket: 'TKT-001', title: 'Say hello' },
    ],
    ['without fields', `[${NOW}] INIT`, {}],
    [
      'with an empty field',
      `[${NOW}] EXPRESS_CLAIMED ticket=EXP-001 agent=`,
      { ticket: 'EXP-001', agent: '' },
    ],
    ['with an escape that is none', `[${NOW}] TICKET_ADDED title="C:\\new \\d"`, { title: 'C:\\new \\d' }],
    [
      'with quotes in quotes, as far as it goes',
      `[${NOW}] TICKET_ADDED title="say "hi" now" ticket=TKT-002`,
      { title: 'say ', ticket: 'TKT-002' },
    ],
    ['with a quote that does not end', `[${NOW}] TICKET_ADDED title="half`, { title: '"half' }],
  ])('%s is read', (_title, text, fields) => {
    expect(parseEvent(text)).toEqual({ at: NOW, event: text.split(' ')[1], fields })
  })

  test.each([
    '',
    'INIT project=demo',
    '[now] lower a=b',
    '[',
    '[] INIT',
    `[${'x'.repeat(41)}] INIT`,
    `[${NOW}]INIT`,
    '# note',
  ])('that is no event is skipped: %j', (text) => {
    expect(parseEvent(text)).toBeUndefined()
  })
})
