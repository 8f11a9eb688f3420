import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder, writeFiles } from '../../support/project.ts'
import { tkt } from './tkt.ts'

describe('--input-json', () => {
  const goal = 'Ship it'

  test.each([
    ['an object', ['--input-json', `{"goal":"${goal}","depends_on":[],"dry_run":true}`]],
    ['an object with names in kebab-case', [`--input-json={"goal":"${goal}","dry-run":1}`]],
    ['standard input', ['--input-json', '-']],
    [
      'an object beside an option, which wins',
      ['--goal', goal, '--input-json', '{"goal":"other","dry_run":"yes"}'],
    ],
    [
      'an object beside an absent option',
      ['--goal={goal}', `--input-json={"goal":"${goal}","dry_run":true}`],
    ],
  ])('takes %s', async (_title, words) => {
    const readStdin = async (): Promise<string> => `{"goal":"${goal}","dry_run":true}\n`
    const { code, json } = await tkt(['create-bundle', ...words], { readStdin })
    expect(code).toBe(0)
    expect(JSON.stringify(json)).not.toContain('other')
  })

  test.each(['', '{input_json}', '  ', 'null'])('given as %j counts as absent', async (json) => {
    expect(await tkt(['list', `--input-json=${json}`])).toMatchObject({ code: 0 })
  })

  test.each(['garbage', '[1]', '7', '"text"', '{"goal":', '{} {}'])(
    'given as %j is refused',
    async (json) => {
      expect(await tkt(['create-bundle', `--input-json=${json}`])).toMatchObject({
        code: 2,
        json: {
          error: 'INPUT_INVALID',
          message: `--input-json must be one JSON object, got ${JSON.stringify(json)}`,
        },
      })
    },
  )

  test.each(['{"gaol":"x"}', '{"__proto__":{"goal":"x"}}'])(
    'with an unknown field is refused: %s',
    async (json) => {
      const { code, json: answer } = await tkt(['create-bundle', '--input-json', json])
      expect(code).toBe(2)
      expect(answer).toMatchObject({
        error: 'UNKNOWN_OPTION',
        details: { known: expect.arrayContaining(['goal']) as unknown },
      })
      if (json.includes('gaol')) expect(answer.hint).toBe('did you mean goal?')
    },
  )

  test('takes numbers and flags as JSON or as text, and refuses what is neither', async () => {
    expect(await tkt(['list', '--input-json', '{"limit":2,"offset":"1"}'])).toMatchObject({ code: 0 })
    expect(await tkt(['list', '--input-json', '{"limit":{"a":1}}'])).toMatchObject({ code: 2 })
    expect(await tkt(['list', '--input-json', '{"status":["open"]}'])).toMatchObject({ code: 2 })
  })
})

describe('a text from elsewhere', () => {
  const update = ['roadmap-transition', '--stage', 'archived']
  const roadmap = { '.tkt/roadmap.yaml': 'project: demo\nstage: planning\n' }

  test('is read from a file beside the caller, or from standard input', async () => {
    const cwd = projectFolder({ ...roadmap, 'sub/why.txt': 'it is over\n' })
    const answer = await tkt([...update, '--reason-file', 'why.txt'], { cwd: join(cwd, 'sub') })
    expect(answer.json).toMatchObject({ ok: true, reason: 'it is over' })
    writeFiles(cwd, roadmap)
    const readStdin = async (): Promise<string> => 'piped\n'
    expect((await tkt([...update, '--reason', '-'], { cwd, readStdin })).json).toMatchObject({
      reason: 'piped',
    })
  })

  test.each([
    ['that is not there', 'absent.txt', 3, 'FILE_NOT_FOUND', 'there is no file CWD/absent.txt'],
    ['that is a folder', '.tkt', 5, 'FILE_UNREADABLE', 'CWD/.tkt: it is a folder'],
    [
      'that is too large',
      'large',
      5,
      'FILE_UNREADABLE',
      'CWD/large: 1000001 bytes, at most 1000000 are read',
    ],
  ])('is refused from a file %s', async (_title, file, code, error, message) => {
    const cwd = projectFolder({ ...roadmap, large: 'x'.repeat(1_000_001) })
    const said = await tkt([...update, '--reason-file', file], { cwd })
    expect(said).toMatchObject({ code, json: { error, error_code: 'SK-SYS-004' } })
    expect(said.json.message).toBe(message.replace('CWD', cwd))
  })

  test('comes from standard input once', async () => {
    const readStdin = async (): Promise<string> => '{"stage":"archived"}'
    const said = await tkt(['roadmap-transition', '--input-json', '-', '--reason', '-'], { readStdin })
    expect(said).toMatchObject({
      code: 2,
      json: { error: 'INPUT_INVALID', message: 'only one input can be - : standard input is read once' },
    })
  })
})
