import { describe, expect, test } from 'vitest'
import { sourceFiles } from './sources.ts'

/** Where the world may be touched directly; everything else gets it handed in. */
const RULES: readonly { readonly what: string; readonly pattern: RegExp; readonly only: RegExp }[] = [
  {
    what: 'the clock',
    pattern: /new Date\(\)|Date\.now\(|performance\.now\(/,
    only: /^src\/(runtime|system\/)/,
  },
  { what: 'the environment', pattern: /process\.env/, only: /^src\/runtime\.ts$/ },
  { what: 'the working directory', pattern: /process\.cwd\(/, only: /^src\/runtime\.ts$/ },
  {
    what: 'the standard streams',
    pattern: /process\.(stdin|stdout|stderr)|console\./,
    only: /^src\/(runtime|system\/output-stream)\.ts$/,
  },
  { what: 'the end of the process', pattern: /process\.exit\b/, only: /^$/ },
  {
    what: 'child processes',
    pattern: /node:child_process|from 'execa'|import\('execa'\)/,
    only: /^src\/system\//,
  },
  { what: 'git', pattern: /simple-git'/, only: /^src\/system\// },
]

describe('the world is touched in the named files only', () => {
  test.each(RULES)('$what', ({ pattern, only }) => {
    const files = sourceFiles().filter(
      ({ path, text }) => !only.test(path) && pattern.test(withoutComments(text)),
    )
    expect(files.map(({ path }) => path)).toEqual([])
  })
})

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/\/\/.*$/gm, '')
