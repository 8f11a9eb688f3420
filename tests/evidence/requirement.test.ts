import { describe, expect, test } from 'vitest'
import { readRequirement, shortfallOf } from '../../src/evidence/requirement.ts'

describe('what a done needs', () => {
  test('is read as a list of alternatives', () => {
    expect(readRequirement(['commit | attest', 'cmd'])).toEqual([['commit', 'attest'], ['cmd']])
    expect(readRequirement([])).toEqual([])
    for (const wrong of ['commit', ['commits'], ['commit|'], [''], [1], [['commit']], { commit: true }, null])
      expect(readRequirement(wrong)).toBeUndefined()
  })

  test('is met entry by entry, by one of its kinds; else every way to it is told', () => {
    const required = readRequirement(['commit|attest', 'cmd']) ?? []
    expect(shortfallOf(required, ['attest', 'cmd'])).toBeUndefined()
    expect(shortfallOf([], [])).toBeUndefined()
    expect(shortfallOf(required, ['text', 'text'])).toEqual({
      message: 'evidence is missing: commit or attest; cmd',
      hint: 'add --evidence "commit:SHA" or "attest:TEXT" and --evidence "cmd:COMMAND", as evidence.required of config/tkt.yaml asks; --evidence can be repeated',
      details: { missing: ['commit|attest', 'cmd'], given: ['text'] },
    })
  })
})
