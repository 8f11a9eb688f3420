/** Commands as evidence that hang, shout, kill or race: one clear answer each, and no ticket half done. */
import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, startBundle } from '../support/bundles.ts'
import { killAtEveryStep } from './killing.ts'
import { crowd, numbered, race } from './race.ts'

const DONE = { bundle: 'B-001', ticket: 'TKT-001', status: 'done' }

describe('a command that is given as evidence', () => {
  test.each([
    ['hangs', 'sleep 1000', /ran into its time limit/],
    ['leaves somebody behind who holds its output', 'sleep 1000 & sleep 1000', /ran into its time limit/],
    ['kills its own group', 'kill -9 0', /was killed by SIGKILL/],
    ['is no command', 'no-such-command-here', /ended with exit code 127/],
  ])('and %s is refused, and nothing changes', { timeout: 60_000 }, async (_title, command, message) => {
    const project = await startBundle(1, { 'config/tkt.yaml': 'evidence: {timeout_seconds: 1}\n' })
    await expectNoChange(project, async () => {
      const answer = await project.run('update', { ...DONE, evidence: `cmd:${command}` })
      expectRefusal(answer, 'EVIDENCE_FAILED', 'SK-TKT-043', message)
    })
  })

  test('and prints 200 MB leaves its last words', { timeout: 60_000 }, async () => {
    const project = await startBundle(1)
    await project.ok('update', { ...DONE, evidence: 'cmd:yes 0123456789 | head -c 200000000; echo end' })
    const { output_tail } = (
      project.yaml('.tkt/bundles/B-001/TKT-001.yaml').result as {
        readonly evidence_checks: readonly { readonly output_tail: string }[]
      }
    ).evidence_checks[0] ?? { output_tail: '' }
    expect(output_tail.length).toBeLessThanOrEqual(1001)
    expect(output_tail).toMatch(/end\n$/)
  })
})

test(
  'many agents finish with evidence at once: every done has its checks',
  { timeout: 120_000 },
  async () => {
    const project = await startBundle(8)
    const words = crowd(8, (number) => [
      ...['update', 'B-001', numbered('TKT', number + 1, 1)[0] ?? '', 'done'],
      ...['--evidence', `cmd:echo ${number}`, '--evidence', 'attest:seen'],
    ])
    for (const { code } of await race(words, project.root)) expect(code).toBe(0)
    for (const [number, id] of numbered('TKT', 1, 8).entries())
      expect(project.yaml(`.tkt/bundles/B-001/${id}.yaml`).result).toMatchObject({
        evidence_checks: [{ output_tail: `${number}\n` }, { kind: 'attest', status: 'recorded' }],
      })
  },
)

test('killed at any step, a done has all of its checks or none', { timeout: 120_000 }, async () => {
  const project = await startBundle(1)
  const words = [
    'update',
    'B-001',
    'TKT-001',
    'done',
    '--evidence',
    'cmd:echo fine',
    '--evidence',
    'attest:seen',
  ]
  await killAtEveryStep(project, words, (again) => {
    expect([0, 'TRANSITION_REFUSED']).toContain(again.json.error ?? again.code)
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
      status: 'done',
      result: { evidence: 'cmd:echo fine\nattest:seen', evidence_checks: [{ output_tail: 'fine\n' }, {}] },
    })
  })
})
