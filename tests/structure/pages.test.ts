import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { optionsOf } from '../../src/operation/input.ts'
import { findRow } from '../../src/registry.ts'
import { parseArguments } from '../../src/surfaces/cli/arguments.ts'
import { readDiagram } from '../support/mermaid.ts'
import { root, wordsOf } from './sources.ts'

const PAGES = [
  ...['README.md', 'SKILL.md', 'AGENTS.md', 'spec/queue.md'],
  ...['scripts/create-bundle.md', 'scripts/generate-review.md'],
]
const page = (name: string): string => readFileSync(join(root, name), 'utf8')

describe('the pages people and agents read are true', () => {
  test.each(PAGES)('%s: every path it names exists', (name) => {
    const paths = [
      ...page(name).matchAll(/(?:^|[\s(`])((?:scripts|spec|src|config|tests|examples|dist)\/[\w./-]*\w)/gm),
    ].map(([, path = '']) => path)
    const missing = paths.filter(
      (path) => !existsSync(join(root, path)) && !path.startsWith('spec/validate_repo_structural'),
    )
    expect([...new Set(missing)]).toEqual([])
  })

  test.each(PAGES)('%s: every tkt command it shows is understood', async (name) => {
    const lines = page(name)
      .split('\n')
      .flatMap((line) => /^(?:\$ )?(?:npx )?tkt\s+(.*?)\s*(?:#.*)?$/.exec(line)?.[1] ?? [])
    for (const line of lines) {
      const [word = '', ...rest] = wordsOf(line)
      if (word.startsWith('-') || word === 'help') continue
      const row = findRow(word)
      expect([line, row?.name]).not.toEqual([line, undefined])
      const operation = await row?.load()
      if (operation !== undefined)
        parseArguments(rest, optionsOf(operation.input), operation.positional ?? [])
    }
  })

  test.each([...PAGES, 'spec/lifecycles.md'])('%s: every picture it has is drawn', async (name) => {
    const pictures = [...page(name).matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, text = '']) => text)
    for (const text of pictures) await expect(readDiagram(text), text).resolves.toBeDefined()
  })

  test('SKILL.md keeps its budget and its strict frontmatter', () => {
    const text = page('SKILL.md')
    const [, frontmatter = ''] = /^---\n(.*?)\n---\n/s.exec(text) ?? []
    expect(text.split('\n').length).toBeLessThanOrEqual(250)
    expect(Buffer.byteLength(text) / 4).toBeLessThanOrEqual(3500)
    const description = /^description: "(.*)"$/m.exec(frontmatter)?.[1] ?? ''
    expect(description.length).toBeGreaterThan(100)
    expect(description.length).toBeLessThanOrEqual(500)
    expect(description).not.toMatch(/[<>]/)
  })

  test('all versions agree', () => {
    const { version } = packageFile
    expect(page('SKILL.md')).toContain(`version: "${version}"`)
    expect((JSON.parse(page('skill.json')) as { version: string }).version).toBe(version)
    expect(/^## (\S+)/m.exec(page('CHANGELOG.md'))?.[1]).toBe(version)
  })
})
