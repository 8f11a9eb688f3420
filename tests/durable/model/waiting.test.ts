import { describe, expect, test } from 'vitest'
import { circleFrom, type Wait } from '../../../src/durable/model/waiting.ts'

const waits = (...pairs: readonly string[]): readonly Wait[] =>
  pairs.map((pair) => ({ key: pair.slice(0, 1), needs: pair.slice(1) }))

describe('tickets that wait for each other', () => {
  test.each([
    ['nobody needs it', ['B'], waits('BC', 'CD'), undefined],
    ['it needs itself', ['A'], [], 'A A'],
    ['two', ['B'], waits('BA'), 'A B A'],
    ['the shortest of two circles', ['B', 'E'], waits('BC', 'CD', 'DA', 'EF', 'FA'), 'A E F A'],
    ['others run in a circle of their own', ['B'], waits('BC', 'CB'), undefined],
    ['two ways to the same ticket', ['B', 'C'], waits('BD', 'CD', 'DE'), undefined],
  ])('are found: %s', (_title, needs, others, circle) => {
    expect(circleFrom('A', needs, others)?.join(' ')).toBe(circle)
  })

  test('are found at once among very many', () => {
    const layers = Array.from({ length: 200 }, (_, layer) =>
      [0, 1, 2].flatMap((from) =>
        [0, 1, 2].map((to) => ({ key: `${layer}-${from}`, needs: `${layer + 1}-${to}` })),
      ),
    )
    expect(circleFrom('A', ['0-0'], layers.flat())).toBeUndefined()
  })
})
