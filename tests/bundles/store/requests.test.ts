import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recall, remember, type Kept } from '../../../src/bundles/store/requests.ts'
import { git, gitProject, projectFolder } from '../../support/project.ts'

const DAY_MS = 24 * 3_600_000
const NOON_MS = Date.parse('2026-03-01T12:00:00Z')

function startStore(root = projectFolder()) {
  const place = { root, store: join(root, '.tkt') }
  mkdirSync(place.store)
  return place
}

const commandOf = (key: string, at_ms = NOON_MS): Kept => ({
  ...{ key, print: `print of ${key}`, operation: 'add', at_ms, told: '{"ticket_id":"TKT-001"}' },
  ...{ mark: `mark-of-${key.slice(0, 20)}`, file: `${key.slice(0, 1)}.yaml` },
})

const namesIn = (store: string): readonly string[] =>
  readdirSync(join(store, 'requests'), { recursive: true, encoding: 'utf8' }).sort()

test('a command is known again once it is confirmed, whatever became of its file', () => {
  const place = startStore()
  const kept = commandOf('a/../b "c"')
  expect(recall(place, kept)).toBeUndefined()
  remember(place, kept)()
  expect(recall(place, kept)).toEqual(kept)
  expect(recall(place, commandOf('another'))).toBeUndefined()
})

test('one that was cut is known again if its file bears its mark, and from then on', () => {
  const place = startStore()
  const kept = commandOf('a')
  remember(place, kept)
  expect(recall(place, kept)).toBeUndefined()
  writeFileSync(join(place.store, 'a.yaml'), 'request: "mark-of-b"\n')
  expect(recall(place, kept)).toBeUndefined()
  writeFileSync(join(place.store, 'a.yaml'), `transition_log:\n  - request: "${kept.mark}"\n`)
  expect(recall(place, kept)).toEqual(kept)
  rmSync(join(place.store, 'a.yaml'))
  expect(recall(place, kept)).toEqual(kept)
})

test('one that was cut is replaced by the next of its key, also on another day', () => {
  const place = startStore()
  const [cut, made] = [commandOf('a'), { ...commandOf('a', NOON_MS + DAY_MS), mark: 'another-mark' }]
  remember(place, cut)
  remember(place, made)()
  expect(recall(place, made)).toEqual(made)
})

test('commands are known for seven days, and then swept by those that come, some at a time', () => {
  const place = startStore()
  for (let number = 0; number < 150; number += 1) remember(place, commandOf(`a${number}`))()
  const oldest = commandOf('a0')
  remember(place, commandOf('b', NOON_MS + 7 * DAY_MS))()
  expect(recall(place, oldest)).toEqual(oldest)
  remember(place, commandOf('c', NOON_MS + 8 * DAY_MS))()
  expect(namesIn(place.store).filter((name) => name.startsWith('2026-03-01/'))).toHaveLength(50)
  remember(place, commandOf('d', NOON_MS + 8 * DAY_MS))()
  expect(recall(place, oldest)).toBeUndefined()
  expect(readdirSync(join(place.store, 'requests'))).toEqual(['.gitignore', '2026-03-08', '2026-03-09'])
})

test('a record that is broken tells nothing, and is replaced', () => {
  const place = startStore()
  const kept = commandOf('a')
  remember(place, kept)()
  const [file = ''] = namesIn(place.store).filter((name) => name.endsWith('.json'))
  for (const text of ['', '{"key":', 'null', '[]']) {
    writeFileSync(join(place.store, 'requests', file), text)
    expect(recall(place, kept)).toBeUndefined()
  }
  remember(place, kept)()
  expect(recall(place, kept)).toEqual(kept)
})

test('what is kept is no matter of git', () => {
  const place = startStore(gitProject())
  remember(place, commandOf('a'))()
  expect(git(place.root, 'status', '--porcelain', '--untracked-files=all')).toBe('')
})
