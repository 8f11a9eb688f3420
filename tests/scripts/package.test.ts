import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { namedFiles, packagedFiles } from '../../scripts/package-files.ts'
import { versionProblem } from '../../scripts/versions.ts'
import { packageProblems, type Package } from '../../scripts/write-package.ts'
import { git, projectFolder, writeFiles } from '../support/project.ts'
import { contentOf, SKILL, skillFolder } from '../support/skill-folder.ts'

const repository = join(import.meta.dirname, '../..')

/** The repository's files in a folder that may be changed, known to git. */
function changeable(): string {
  const folder = skillFolder('the repository', projectFolder())
  git(folder, 'init', '-q')
  return folder
}

describe('npm run package', () => {
  const pack = (zone: string): Package => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/package.ts'], {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, TZ: zone },
    })
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\{.*\}\n$/) as string,
      stderr: '',
    })
    return JSON.parse(stdout) as Package
  }

  test('tells what it wrote, and writes the same bytes in every zone', () => {
    const packed = pack('Pacific/Auckland')
    const first = readFileSync(packed.zip)
    expect(pack('America/Los_Angeles')).toEqual(packed)
    expect(readFileSync(packed.zip).equals(first)).toBe(true)

    expect(packed.folder).toBe(join(repository, 'build', SKILL))
    expect(packed.zip).toBe(join(repository, 'build', `${SKILL}-${packageFile.version}.zip`))
    expect(packed.zip_bytes).toBe(statSync(packed.zip).size)
    const written = Object.entries(contentOf(packed.folder)).filter(
      ([, content]) => !content.endsWith('no file'),
    )
    expect(packed.files).toBe(written.length)
    expect(packed.files).toBeLessThanOrEqual(40) // contracts: skill-packaging section 11
    expect(Object.keys(unzipSync(first))).toEqual(packagedFiles(repository).map((name) => `${SKILL}/${name}`))
  })

  test('takes what a skill needs, and nothing that an installer or a host project would act on', () => {
    const names = packagedFiles(repository)
    expect(names).toEqual(
      expect.arrayContaining([
        'SKILL.md',
        'skill.json',
        'LICENSE',
        'dist/tkt.cjs',
        'scripts/tkt.sh',
        'scripts/tickets.py',
      ]),
    )
    expect(
      names.filter((name) => /(^|\/)(package(-lock)?\.json|README\.md|_[^/]*|\..*)$|\.ts$/.test(name)),
    ).toEqual([])
  })
})

describe('a package is refused', () => {
  test('never as the repository is', () => {
    expect(packageProblems(changeable())).toEqual([])
  })

  test('when a file is missing that the pages send a reader to', () => {
    const folder = changeable()
    rmSync(join(folder, 'spec/lifecycles.md'))
    rmSync(join(folder, 'scripts/create-bundle.md'))
    expect(packageProblems(folder)).toEqual([
      'named, but not in the package: scripts/create-bundle.md, spec/lifecycles.md',
    ])
  })

  test('when it is larger than 2 MB', () => {
    const folder = changeable()
    writeFiles(folder, { 'dist/large.txt': 'x'.repeat(2_000_001) })
    expect(packageProblems(folder)).toEqual([
      expect.stringMatching(/^the package has \d+ bytes, more than 2000000$/),
    ])
  })

  test.each(['package.json', 'skill.json', 'SKILL.md', 'CHANGELOG.md'])(
    'when %s tells another version',
    (name) => {
      const folder = changeable()
      const text = readFileSync(join(folder, name), 'utf8')
      writeFiles(folder, { [name]: text.replaceAll(packageFile.version, '9.9.9') })
      expect(packageProblems(folder)).toEqual([expect.stringMatching(/^versions disagree: .*9\.9\.9/)])
    },
  )

  test('when the built program tells none', () => {
    const folder = changeable()
    writeFiles(folder, { 'dist/tkt.cjs': 'console.log(1)\n' })
    expect(packageProblems(folder)).toEqual([expect.stringContaining('tkt --version: none')])
  })
})

test.each([
  [{ a: '1.0.0', b: '1.0.0' }, undefined],
  [{ a: '1.0.0', b: '1.0.1' }, 'versions disagree: a: 1.0.0, b: 1.0.1'],
  [{ a: '1.0.0', b: undefined }, 'versions disagree: a: 1.0.0, b: none'],
  [{ a: undefined }, 'versions disagree: a: none'],
])('the versions %j are judged', (versions, problem) => {
  expect(versionProblem(versions)).toBe(problem)
})

test.each([
  [
    'read scripts/create-bundle.md, and `spec/reference.md`.',
    ['scripts/create-bundle.md', 'spec/reference.md'],
  ],
  ['node <skill-dir>/dist/tkt.cjs', ['dist/tkt.cjs']],
  ['"{skill_dir}/dist/tkt.cjs"', ['dist/tkt.cjs']],
  ['spec/validate_repo_structural.py belongs to the project, src/config/x.ts to the sources', []],
  ['the folder spec/schemas has no file name', []],
])('the files named in %j are found', (text, names) => {
  expect(namedFiles(text)).toEqual(names)
})
