/** Whatever text is taken is stored, and comes back as it was, on every database; what cannot be stored is refused. */
import { describe, expect, test } from 'vitest'
import { tkt } from '../../support/tkt.ts'
import { DATABASES } from './databases.ts'

const TEXTS = [
  `'; DROP TABLE tickets; --`,
  `"); DELETE FROM tkt.tickets; --`,
  `Robert'); DROP SCHEMA tkt CASCADE; --`,
  `' OR 1=1 --`,
  `$1 :key ? @x $$ $tag$ %s \${HOME} $(id)`,
  `quotes "double" 'single' \`back\` \\ \\n \\x41 \\u0041 E'\\t'`,
  '{"json": [1, 2]}',
  '[]',
  'line\nCR\rCRLF\r\ntab\tend',
  'bell\u0007 escape\u001b[31m delete\u007f c1\u0085\u009b',
  'עברית and \u202eright to left\u202c, zero\u200bwidth',
  'emoji 🧑‍🚀 🇫🇮, combining e\u0301 and \u00e9',
  'not a character \ufffe\uffff, private \ue000, replacement \ufffd, bom\ufeffinside',
  'x'.repeat(1000),
]

const LIMIT = { timeout: 240_000 }

describe.each(DATABASES)('%s', (_name, { start }) => {
  test('keeps texts that look like statements, or are hard to write, in every field', LIMIT, async () => {
    const project = await start()
    const call = (name: string, fields: object) =>
      tkt([name, '--input-json', '-'], { ...project, input: JSON.stringify(fields) }).json
    for (const [index, text] of TEXTS.entries()) {
      const ticket_id = `TKT-${index}`
      const said = {
        title: text,
        summary: `${text}\n${text}`,
        required_work: [`do ${text}`],
        acceptance: [`is ${text}`],
      }
      const taken = call('intake-ticket', { ticket_id, source: text, ...said })
      expect([text, taken.message, taken.created]).toEqual([text, undefined, true])
      const own = { ticket_id, session_id: 's1' }
      expect(call('claim-ticket', own)).toMatchObject({ ok: true })
      expect(call('block-ticket', { ...own, reason: text })).toMatchObject({
        ticket: { blocked_reason: text },
      })
      expect(call('close-ticket', { ...own, resolution: text, evidence: [`is ${text}`] })).toMatchObject({
        ok: true,
      })
      const shown = tkt(['show-ticket', ticket_id, '--limit', '9'], project)
      expect(shown.stdout.trimEnd().split('\n')).toHaveLength(1)
      expect(shown.json.ticket).toMatchObject({
        ...said,
        ...{ source: text, outcome: text, status: 'CLOSED', proof: { evidence: `is ${text}` } },
      })
      expect((shown.json.events as { reason?: string }[]).map(({ reason }) => reason)).toEqual([
        text,
        text,
        undefined,
        undefined,
      ])
    }
    expect(await project.ask('SELECT count(*) AS count FROM tickets')).toMatchObject([
      { count: expect.anything() as number },
    ])
    expect(tkt(['list-tickets'], project).json.shown).toMatch(new RegExp(`of ${TEXTS.length}$`))
  })

  test.each([
    ['half a pair', 'half \ud83d of it'],
    ['a NUL', 'nul \u0000 inside'],
    ['1 MB', 'x'.repeat(1_000_000)],
  ])('refuses %s, or keeps it as it is', LIMIT, async (_what, text) => {
    const project = await start()
    const input = JSON.stringify({ ticket_id: 'TKT-1', title: 'T', summary: text })
    const { code, json } = tkt(['intake-ticket', '--input-json', '-'], { ...project, input })
    if (code === 0)
      expect(tkt(['show-ticket', 'TKT-1'], project).json.ticket).toMatchObject({ summary: text })
    else {
      expect([code, json.error]).toEqual([2, 'INPUT_INVALID'])
      expect(json.message).toContain('summary')
      expect(tkt(['list-tickets'], project).json.shown).toBe('shown 0 of 0')
    }
  })
})
