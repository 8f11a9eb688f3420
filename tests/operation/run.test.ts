import { Object as Fields, String } from 'typebox'
import { describe, expect, test } from 'vitest'
import { defineOperation, type Operation } from '../../src/operation/define.ts'
import { OperationError } from '../../src/operation/errors.ts'
import type { RawInput } from '../../src/operation/input.ts'
import { outcomeOf, runOperation } from '../../src/operation/run.ts'
import { word } from '../../src/operation/schema.ts'

/** An operation that greets, or does what `greet` does instead. */
const greeting = (greet = async (name: string): Promise<string> => `hello ${name}`) =>
  defineOperation({
    name: 'greet',
    summary: 'Greet.',
    capability: 'greet',
    effects: [],
    input: Fields({ name: word('who') }),
    output: Fields({ text: String() }),
    errors: ['TICKET_NOT_FOUND'],
    examples: [],
    run: async ({ name }, { say }: { readonly say: (name: string) => Promise<string> }) => ({
      text: await say(await greet(name)),
    }),
  }) as unknown as Operation

const run = (
  operation: Operation,
  raw: RawInput = { name: 'ada' },
  more: { readonly opened?: string[] } = {},
) =>
  runOperation({
    operation,
    raw,
    readText: async () => '',
    openContext: async () => {
      more.opened?.push('context')
      return { context: { say: async (text: string) => `${text}!` }, told: { from: 'here' } }
    },
    warnings: ['it is late'],
  })

const throwing = (thrown: unknown) =>
  greeting(async () => {
    throw thrown
  })

/** As node throws them. */
const systemError = (code: string, more: object = { path: '/project/.tkt/x' }): Error =>
  Object.assign(new Error(`${code}: it failed`), { code, syscall: 'open', errno: -1, ...more })

describe('an operation that runs', () => {
  test('answers with what its family tells, its output and the warnings of its context', async () => {
    expect(await run(greeting())).toEqual({
      envelope: { ok: true, from: 'here', text: 'hello ada!', warnings: ['it is late'] },
    })
  })

  test('opens no context before its input is known to be good', async () => {
    const opened: string[] = []
    expect((await run(greeting(), {}, { opened })).envelope).toMatchObject({ error: 'INPUT_INVALID' })
    expect((await run(greeting(), { name: 'a\u0007da' }, { opened })).envelope).toMatchObject({
      error: 'INPUT_INVALID',
    })
    expect(opened).toEqual([])
    await run(greeting(), { name: 'ada' }, { opened })
    expect(opened).toEqual(['context'])
  })
})

describe('what an operation throws', () => {
  test('is its own error when it is listed or universal', async () => {
    const listed = await run(throwing(new OperationError('TICKET_NOT_FOUND', 'no such', { ticket: 'x' })))
    expect(listed).toEqual({
      envelope: expect.objectContaining({
        error: 'TICKET_NOT_FOUND',
        error_code: 'SK-TKT-002',
        details: { ticket: 'x' },
      }) as object,
    })
    const universal = await run(throwing(new OperationError('CONFIG_INVALID', 'bad')))
    expect(universal.envelope).toMatchObject({ error: 'CONFIG_INVALID' })
    expect(universal.fault).toBeUndefined()
  })

  test.each([
    ['an error it did not list', new OperationError('ROADMAP_EXISTS', 'unlisted'), 'unexpected: unlisted'],
    ['any other error', new TypeError('x is not a function'), 'unexpected: x is not a function'],
    ['a text', 'a mere text', 'unexpected: a mere text'],
    ['nothing', undefined, 'unexpected: undefined'],
    ['a system error that is our fault', systemError('EBADF'), 'unexpected: EBADF: it failed'],
    [
      'an error with a code that is none of the system',
      Object.assign(new Error('odd'), { code: 'EACCES' }),
      'unexpected: odd',
    ],
  ])('is our fault when it is %s', async (_title, thrown, message) => {
    const { envelope, fault } = await run(throwing(thrown))
    expect(envelope).toMatchObject({ ok: false, error: 'INTERNAL', error_code: 'SK-SYS-070', message })
    expect(fault).toBe(thrown)
  })

  test.each([
    'EACCES',
    'EBUSY',
    'EDQUOT',
    'EIO',
    'EISDIR',
    'EMFILE',
    'ENAMETOOLONG',
    'ENFILE',
    'ENOSPC',
    'ENOTDIR',
    'EPERM',
    'EROFS',
  ])('is an unavailable store when the system says %s', async (code) => {
    const { envelope, fault } = await run(throwing(systemError(code)))
    expect(envelope).toMatchObject({
      error: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(RegExp(`^/project/.tkt/x: .+ \\(${code}\\)$`)) as string,
      details: { path: '/project/.tkt/x', reason: code },
    })
    expect(fault).toBeUndefined()
  })

  test('is told without a path when the system gave none', async () => {
    expect((await run(throwing(systemError('ENOSPC', {})))).envelope).toMatchObject({
      message: 'a file: no space left on the disk (ENOSPC)',
    })
  })
})

describe('what is thrown before an operation is known', () => {
  test('is told when every operation may end in it, and our fault when not', () => {
    expect(outcomeOf(new OperationError('UNKNOWN_COMMAND', 'no')).envelope).toMatchObject({
      error: 'UNKNOWN_COMMAND',
    })
    expect(outcomeOf(new OperationError('TICKET_NOT_FOUND', 'no')).envelope).toMatchObject({
      error: 'INTERNAL',
    })
  })
})
