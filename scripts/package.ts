/** Writes build/: the lean skill folder and its zip. The last line is one JSON object; exit 1 when it must not be packaged. */
import { join } from 'node:path'
import { packageProblems, writePackage } from './write-package.ts'

const root = join(import.meta.dirname, '..')
const problems = packageProblems(root)
if (problems.length > 0) {
  console.log(JSON.stringify({ ok: false, problems }))
  process.exitCode = 1
} else {
  console.log(JSON.stringify({ ok: true, ...writePackage(root, join(root, 'build')) }))
}
