import { describe, expect, test } from 'vitest'
import { OperationError } from '../../../../src/operation/errors.ts'
import { shown, shownRefusal } from '../shown.ts'

describe('close', () => {
  const CLOSED = {
    closed: true,
    bundle: 'B-001',
    review_path: '/project/.tkt/bundles/B-001/review.yaml',
    done: 6,
    failed: 1,
    carryover_count: 2,
    merged: true,
    memory: 'not installed',
    next_steps_hint: ['read the review and complete it as scripts/generate-review.md says'],
  }

  test('tells where the review is and what comes next', () => {
    expect(shown('close', CLOSED)).toMatchInlineSnapshot(`
      "✓ B-001 is closed: 6 tickets done, 1 failed
        review        /project/.tkt/bundles/B-001/review.yaml
        branch        merged; the worktree is removed
        carried over  2, in carryover.yaml
        memory        not installed
        → read the review and complete it as scripts/generate-review.md says
      "
    `)
  })

  test('tells of a dry run what refuses, what would run and what would be done', () => {
    const output = {
      ...CLOSED,
      dry_run: true,
      closed: false,
      gates: [{ gate: 'audit-finished', error: 'AUDIT_UNFINISHED', message: 'TKT-A00 was never claimed' }],
      commands: ['node --test', `node -e "${'x'.repeat(100)}"`],
      steps: [{ step: 'merge', must: true, says: 'merge the branch of the worktree into its target' }],
      next_steps_hint: ['mend what the gates name'],
    }
    expect(shown('close', output)).toMatchInlineSnapshot(`
      "✗ B-001: 1 gate refuses
        ✗ audit-finished
          TKT-A00 was never claimed
          → an agent who did none of the work claims TKT-A00 and finishes it; if it is
            failed, missing, or finished without a claim, reopen it first: \`tkt reopen
            --bundle B-001 --ticket TKT-A00 --reason TEXT\`
        close would run 2 commands
          node --test
          node -e "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
        and then
          - merge the branch of the worktree into its target
        → mend what the gates name
      "
    `)
  })

  test('lists every gate that refuses, with the end of its output and what helps', () => {
    const failures = [
      {
        gate: 'worktree-clean',
        message: 'the worktree has changes',
        hint: 'commit or remove the files',
        details: { paths: ['junk.txt'] },
      },
      {
        gate: 'close-gate',
        message: 'close_gate.command `npm test` ended with exit code 1 in /project',
        hint: 'run the command by hand in the named folder',
        details: { output: 'one\ntwo \u001b[31mred\u001b[39m\n' },
      },
    ]
    const error = new OperationError('WORKTREE_DIRTY', 'B-001 stays open, 2 gates refuse: …', {
      bundle: 'B-001',
      failures,
    })
    expect(shownRefusal(error)).toMatchInlineSnapshot(`
      "✗ B-001 stays open: 2 gates refuse (WORKTREE_DIRTY, SK-TKT-037)
        ✗ worktree-clean
          the worktree has changes
          │ junk.txt
          → commit or remove the files
        ✗ close-gate
          close_gate.command \`npm test\` ended with exit code 1 in /project
          │ one
          │ two red
          → run the command by hand in the named folder
      "
    `)
  })
})
