import { describe, expect, test } from 'vitest'
import { findRow, registry } from '../../../src/registry.ts'
import { inputForMoreRows } from '../../../src/surfaces/cli/more-rows.ts'
import { projectFolder } from '../../support/project.ts'
import { treeOf } from '../../support/bundles.ts'
import { tkt } from './tkt.ts'

const CUT = { ok: true, shown: 'shown 9 of 99', next: '--offset=9' } as const

const inputFor = async (name: string, raw: object, envelope: object = CUT) => {
  const operation = await findRow(name)?.load()
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return inputForMoreRows({ operation, raw: { ...raw }, envelope: { ...CUT, next: undefined, ...envelope } })
}

describe('whether people are shown more rows', () => {
  test.each(['status', 'list', 'history'])('%s is, where its default page ends early', async (name) => {
    expect(await inputFor(name, { offset: 3 })).toEqual({ offset: 3, limit: 100 })
    expect(await inputFor(name, { limit: '' })).toEqual({ limit: 100 })
    expect(await inputFor(name, {}, { next: undefined })).toBeUndefined()
    expect(await inputFor(name, { limit: 5 })).toBeUndefined()
    const unreadable = [{ id: 'B-001', reason: 'not yaml' }]
    for (const count of [1, 2])
      expect(await inputFor(name, {}, { next: undefined, unreadable, unreadable_count: count })).toEqual(
        count === 1 ? undefined : { limit: 100 },
      )
  })

  test('nothing that has effects is run again', async () => {
    for (const row of registry) {
      const { effects } = await row.load()
      const writes = effects.some((effect) => !effect.endsWith('.read'))
      for (const action of [undefined, 'create', 'claim', 'close'])
        if (writes) expect(await inputFor(row.name, { action })).toBeUndefined()
    }
    const list = await findRow('list')?.load()
    if (list === undefined) throw new Error('no list')
    for (const effect of ['fs.write', 'git.write', 'proc.exec', 'db.write'] as const) {
      const operation = { ...list, effects: ['fs.read', effect] as const }
      expect(inputForMoreRows({ operation, raw: {}, envelope: CUT })).toBeUndefined()
    }
    expect(await inputFor('express', { action: 'list' })).toEqual({ action: 'list', limit: 100 })
  })
})

describe('a long list', () => {
  const title = 'A title of some length, as one would have'
  const filesOf = (number: string) => [
    [`.tkt/bundles/B-${number}/bundle.yaml`, `id: B-${number}\ntitle: ${title}\nstatus: open\n`] as const,
    [`.tkt/express/EXP-${number}.yaml`, `id: EXP-${number}\ntitle: ${title}\nstatus: open\n`] as const,
  ]
  const numbers = Array.from({ length: 120 }, (_, index) => String(index + 1).padStart(3, '0'))
  const project = (): string => projectFolder(Object.fromEntries(numbers.flatMap(filesOf)))

  test.each([[['list'], /│ B-\d+ +│/g] as const, [['express', 'list'], /│ EXP-\d+ +│/g] as const])(
    '%j has 100 rows on a terminal, above the line that programs get',
    async (argv, row) => {
      const cwd = project()
      const before = treeOf(cwd)
      const piped = await tkt(argv, { cwd })
      const seen = await tkt(argv, { cwd, stdoutIsTerminal: true })
      expect(seen.stdout.match(row)).toHaveLength(100)
      expect(seen.stdout).toContain('shown 100 of 120; the rest: --offset=100')
      expect(seen.stdout.trimEnd().split('\n').at(-1)).toBe(piped.stdout.trimEnd())
      expect(treeOf(cwd)).toEqual(before)
    },
  )

  test('has as many rows as were asked for', async () => {
    const seen = await tkt(['list', '--limit', '3'], { cwd: project(), stdoutIsTerminal: true })
    expect(seen.stdout.match(/│ B-\d+ +│/g)).toHaveLength(3)
  })
})
