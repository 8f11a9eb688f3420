import { dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { sourceFiles } from './sources.ts'

/** What may import what (architecture, section 2): the first row whose `from` fits counts. */
const RULES: readonly { readonly from: RegExp; readonly may: RegExp }[] = [
  { from: /^src\/lifecycle\.ts$/, may: /^$/ },
  { from: /^src\/config\.ts$/, may: /^src\/evidence\/requirement\.ts$/ },
  {
    from: /^src\/evidence\/(acceptance|forms|requirement|record)\.ts$/,
    may: /^src\/evidence\/(acceptance|forms|requirement|record)\.ts$/,
  },
  { from: /^src\/evidence\//, may: /^src\/(evidence|system|operation)\// },
  { from: /^src\/worktrees\//, may: /^src\/(worktrees|system)\// },
  { from: /^src\/system\//, may: /^src\/system\// },
  { from: /^src\/operation\//, may: /^src\/(operation\/|generated\/fields\.ts)/ },
  {
    from: /^src\/bundles\/model\//,
    may: /^src\/(bundles\/model\/|lifecycle\.ts|evidence\/(acceptance|forms|requirement|record)\.ts|operation\/(schema|refusal)\.ts)/,
  },
  {
    from: /^src\/bundles\/(store|effects)\//,
    may: /^src\/(bundles\/(store|effects|model)\/|evidence\/|worktrees\/|system\/|operation\/request\.ts|generated\/(documents|reader)\.ts)/,
  },
  {
    from: /^src\/bundles\/[a-z-]+\.ts$/,
    may: /^src\/(bundles\/|evidence\/|operation\/|system\/|config\.ts)/,
  },
  {
    from: /^src\/bundles\/operations\//,
    may: /^src\/(bundles\/|evidence\/|worktrees\/|operation\/|system\/)/,
  },
  {
    from: /^src\/durable\/model\//,
    may: /^src\/(durable\/model\/|lifecycle\.ts|evidence\/(acceptance|forms|requirement|record)\.ts|operation\/(schema|refusal|request)\.ts)/,
  },
  {
    from: /^src\/durable\/(store|effects)\//,
    may: /^src\/(durable\/(store|effects|model)\/|evidence\/|worktrees\/|system\/|operation\/(refusal|request)\.ts)/,
  },
  {
    from: /^src\/durable\/[a-z-]+\.ts$/,
    may: /^src\/(durable\/|evidence\/|worktrees\/|operation\/|system\/|config\.ts)/,
  },
  { from: /^src\/durable\/operations\//, may: /^src\/(durable\/|evidence\/|operation\/|system\/)/ },
  {
    from: /^src\/bridge\/model\//,
    may: /^src\/(bridge\/model|bundles\/model|durable\/model)\/|^src\/system\/clock\.ts$/,
  },
  {
    from: /^src\/bridge\//,
    may: /^src\/(bridge\/|(bundles|durable)\/(?!operations\/)|operation\/)/,
  },
  {
    from: /^src\/registry(\/[a-z]+)?\.ts$/,
    may: /^src\/((bridge|bundles|durable)\/(operations\/|(context|config-file|check-database|feed|left-worktrees|store-there)\.ts)|registry(\.ts|\/)|operation\/|generated\/)/,
  },
  { from: /^src\/runtime\.ts$/, may: /^src\/system\// },
  {
    from: /^src\/surfaces\//,
    may: /^src\/(surfaces\/|registry(\.ts|\/(families|named)\.ts)|runtime\.ts|lifecycle\.ts|operation\/|system\/)/,
  },
]

const edges = sourceFiles().flatMap(({ path, text }) =>
  [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target = '']) => ({
    path,
    target: join(dirname(path), target),
  })),
)

describe('imports go one way', () => {
  test('and every source file has a rule', () => {
    expect(sourceFiles().filter(({ path }) => !RULES.some(({ from }) => from.test(path)))).toEqual([])
  })

  test('from the surfaces down to the model, never back', () => {
    const wrong = edges.filter(({ path, target }) => {
      const rule = RULES.find(({ from }) => from.test(path))
      return target.startsWith('src/') && rule?.may.test(target) !== true
    })
    expect(wrong).toEqual([])
  })

  test('and operations do not import each other', () => {
    const operations = edges.filter(
      ({ path, target }) => path.includes('/operations/') && target.includes('/operations/'),
    )
    const familyOf = (path: string): string | undefined => /operations\/([a-z-]+)/.exec(path)?.[1]
    expect(operations.filter(({ path, target }) => familyOf(path) !== familyOf(target))).toEqual([])
  })
})
