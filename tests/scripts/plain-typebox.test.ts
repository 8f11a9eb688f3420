import * as library from 'typebox'
import { describe, expect, test } from 'vitest'
import * as plain from '../../scripts/plain-typebox.ts'
import { sourceFiles } from '../structure/sources.ts'

/** The builders that both offer, as far as a schema is data. */
type Builders = typeof plain
const asData = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema))

/** One schema of each kind, by name of its builder. */
const examples = (build: Builders): Readonly<Record<keyof Builders, unknown>> => ({
  String: build.String({ minLength: 1 }),
  Integer: build.Integer({ minimum: 0 }),
  Number: build.Number({ minimum: 0 }),
  Boolean: build.Boolean(),
  Null: build.Null(),
  Unknown: build.Unknown(),
  Literal: build.Literal('main'),
  Enum: build.Enum(['a', 'b'], { description: 'a letter' }),
  Unsafe: build.Unsafe({ type: ['string', 'null'] }),
  Array: build.Array(build.String(), { maxItems: 2 }),
  Union: build.Union([build.String(), build.Null()]),
  Optional: build.Optional(build.String()),
  Object: build.Object({ must: build.String(), may: build.Optional(build.Integer()) }, { title: 'both' }),
})

describe('the plain builders of the built program', () => {
  test.each(Object.keys(plain) as (keyof Builders)[])('%s gives what typebox gives', (name) => {
    const expected = examples(library as unknown as Builders)[name] // the same names, other types
    expect(asData(examples(plain)[name])).toEqual(asData(expected))
  })

  test('are all that the sources use of it', () => {
    const used = sourceFiles()
      .flatMap(({ text }) => [...text.matchAll(/^import \{([^}]*)\} from 'typebox'/gm)])
      .flatMap(([, names = '']) => names.split(','))
      .map((name) => name.trim().split(' as ')[0] ?? '')
      .filter((name) => name !== '' && !name.startsWith('type '))
    expect([...new Set(used)].filter((name) => !(name in plain))).toEqual([])
  })
})
