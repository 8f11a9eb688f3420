import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finish,
  openProject,
  startBundle,
  startProject,
  type Project,
} from '../../support/bundles.ts'
import { readDiagram } from '../../support/mermaid.ts'
import { projectFolder } from '../../support/project.ts'

const B = { bundle: 'B-001' }

/** Of the tickets that Mermaid draws. */
const idsOf = async (mermaid: string): Promise<readonly string[]> =>
  [...((await readDiagram(mermaid)).getVertices?.().keys() ?? [])]
    .filter((id) => !id.startsWith('box'))
    .sort()

/** Two waves: one ticket is over, one in hand, the last waits for both. */
async function startWaves(): Promise<Project> {
  const project = await startBundle(0)
  await project.ok('add', { ...B, title: 'Parse "CSV"; #1', wave: 1 })
  await project.ok('add', { ...B, title: 'Write JSON', wave: 1 })
  await project.ok('add', { ...B, title: 'Join them', wave: 2, depends_on: 'TKT-001,TKT-002' })
  await finish(project, 'TKT-001', 'alice')
  await project.ok('claim', { ...B, ticket: 'TKT-002', agent: 'bob' })
  return project
}

describe('graph', () => {
  test('draws a bundle by wave, each ticket with what it needs and how it stands', async () => {
    const project = await startWaves()
    await expectNoChange(project, async () => {
      expect(await project.run('graph', B)).toEqual({
        ok: true,
        bundle: 'B-001',
        format: 'text',
        graph: [
          'Wave 1',
          '  TKT-001  Parse "CSV"; #1  done',
          '  TKT-002  Write JSON  held @bob',
          'Wave 2',
          '  TKT-003 <- TKT-001, TKT-002  Join them  waiting',
          'Audit',
          '  TKT-A00  Spot-check the quality of B-001  waiting',
          'Integration',
          '  TKT-000  Coordinate and integrate B-001  ready',
        ].join('\n'),
        waves: [
          { title: 'Wave 1', size: 2, over: 1 },
          { title: 'Wave 2', size: 1, over: 0 },
        ],
        cycles: [],
        unknown: [],
        shown: 'shown 5 of 5',
      })
    })
  })

  test('draws it as Mermaid, whatever the titles hold', async () => {
    const project = await startWaves()
    const { graph } = await project.ok('graph', { ...B, format: 'mermaid' })
    expect(await idsOf(graph as string)).toEqual(['TKT-000', 'TKT-001', 'TKT-002', 'TKT-003', 'TKT-A00'])
    expect(graph).toContain('TKT-001["TKT-001 Parse #34;CSV#34;#59; #35;1"]:::done')
    expect(graph).toContain('TKT-001 & TKT-002 --> TKT-003')
  })

  test('without a bundle draws all bundles, by what they wait for', async () => {
    const project = await startBundle(1)
    await project.ok('create-bundle', { goal: 'Then this', depends_on: 'B-001', worktree: false })
    const { graph, waves } = await project.ok('graph')
    expect(graph).toBe(
      ['Step 1', '  B-001  Ship it  ready', 'Step 2', '  B-002 <- B-001  Then this  waiting'].join('\n'),
    )
    expect(waves).toHaveLength(2)
  })

  test('tells of circles, of ids that are nowhere, and of files that cannot be read', async () => {
    const project = await startBundle(1)
    await project.ok('add', { ...B, title: 'Two', depends_on: 'TKT-003,TKT-099' })
    await project.ok('add', { ...B, title: 'Three', depends_on: 'TKT-002,TKT-001' })
    project.write({ '.tkt/bundles/B-001/TKT-001.yaml': 'title: "half\n' })
    const answer = await project.ok('graph', B)
    expect(answer).toMatchObject({ cycles: ['TKT-002 -> TKT-003 -> TKT-002'], unknown: ['TKT-099'] })
    expect(answer.graph).toContain('TKT-002 <- TKT-003, TKT-099 (unknown)  Two  waiting')
    expect(answer.warnings).toEqual([expect.stringMatching(/^1 cannot be read and are not drawn, TKT-001/)])
    const mermaid = await project.ok('graph', { ...B, format: 'mermaid' })
    expect(await idsOf(mermaid.graph as string)).toContain('unknown0')
  })
})

describe('the graph of a large bundle', () => {
  test.each(['text', 'mermaid'])(
    'goes over pages of 2 KB that hold each ticket once, as %s',
    async (format) => {
      const project = await startBundle(0)
      const words = 'a long title, ünd ein „Wort“; '.repeat(5)
      for (let number = 1; number <= 24; number += 1)
        await project.ok('add', { ...B, title: words, wave: 1 + (number % 3), depends_on: 'TKT-098,TKT-099' })
      const seen: string[] = []
      let offset: number | undefined = 0
      while (offset !== undefined) {
        const answer = await project.ok('graph', { ...B, format, offset })
        expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(2048)
        const drawn = format === 'text' ? /^ {2}(\S+)/gm : /^ +(TKT-\w+)\[/gm
        const ids = [...(answer.graph as string).matchAll(drawn)].map(([, id = '']) => id)
        expect(answer.shown).toBe(`shown ${ids.length} of 26`)
        seen.push(...ids)
        offset = answer.next === undefined ? undefined : Number((answer.next as string).split('=')[1])
      }
      expect(new Set(seen).size).toBe(26)
      expect(seen).toHaveLength(26)
    },
  )

  test('is drawn as a box a wave where Mermaid would refuse it, which is said', async () => {
    const project = await startBundle(0)
    const ids = Array.from({ length: 60 }, (_, index) => `TKT-${100 + index}`).join(',')
    for (let number = 1; number <= 10; number += 1)
      await project.ok('add', { ...B, title: `Part ${number}`, wave: 1, depends_on: ids })
    const answer = await project.ok('graph', { ...B, format: 'mermaid', limit: 100 })
    expect(answer.graph).toContain('box0["Wave 1: 10 ready"]')
    expect(answer.warnings).toEqual([expect.stringMatching(/more than Mermaid draws/)])
    const first = await project.ok('graph', { ...B, format: 'mermaid' })
    expect(first).toMatchObject({ shown: 'shown 1 of 12', next: '--offset=1' })
    expect(first.graph).toContain('55 arrows left out')
  })
})

test('graph refuses a bundle that is not there, and a folder without a store', async () => {
  expectRefusal(await (await startProject()).run('graph', B), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
  expectRefusal(await openProject(projectFolder()).run('graph', B), 'NOT_INITIALISED', 'SK-TKT-018')
})
