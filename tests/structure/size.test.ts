import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { sourceFiles, type SourceFile } from './sources.ts'

const FILE_LINES = 250
const FUNCTION_LINES = 50
const PARAMETERS = 4

const files = [...sourceFiles('src'), ...sourceFiles('scripts')]

describe('nothing grows beyond what one reads at a sitting', () => {
  test(`no file has more than ${FILE_LINES} lines`, () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > FILE_LINES)
    expect(long).toEqual([])
  })

  test(`no function has more than ${FUNCTION_LINES} lines`, () => {
    expect(files.flatMap((file) => functionsOf(file)).filter(({ lines }) => lines > FUNCTION_LINES)).toEqual(
      [],
    )
  })

  test(`no function takes more than ${PARAMETERS} parameters`, () => {
    expect(
      files.flatMap((file) => functionsOf(file)).filter(({ parameters }) => parameters > PARAMETERS),
    ).toEqual([])
  })

  test('every file says in its first line what it is for', () => {
    expect(files.filter(({ text }) => !text.startsWith('/**')).map(({ path }) => path)).toEqual([])
  })
})

function functionsOf({ path, text }: SourceFile) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: { readonly at: string; readonly lines: number; readonly parameters: number }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const start = file.getLineAndCharacterOfPosition(node.getStart()).line
      const end = file.getLineAndCharacterOfPosition(node.getEnd()).line
      found.push({ at: `${path}:${start + 1}`, lines: end - start + 1, parameters: node.parameters.length })
    }
    node.forEachChild(visit)
  }
  visit(file)
  return found
}
