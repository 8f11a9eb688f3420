/** What each kind of evidence that can be checked looks at: git, one file, or how one command ends. */
import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { clearedEnvironment, endingOf } from '../system/commands.ts'
import { hashFile } from '../system/file-hash.ts'
import { errorCode } from '../system/files.ts'
import { openGit } from '../system/git.ts'
import { runCommand } from '../system/processes.ts'
import { GitFailure } from '../system/run-git.ts'
import { isCommitId, type Kind } from './forms.ts'
import type { EvidenceCheck } from './record.ts'

/** Where evidence is looked at. */
export interface EvidencePlace {
  /** Absolute. Files are read and commands run in here. */
  readonly folder: string
  /** The branch that commits must be on; undefined for what is checked out. */
  readonly branch: string | undefined
  /** Why nothing can be looked at here. */
  readonly problem?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Of each command. */
  readonly timeout_ms: number
}

export type Finding = Omit<EvidenceCheck, 'kind' | 'value' | 'status' | 'checked_at'> & {
  readonly ok: boolean
}

/** Never throws; `attest`, `url` and `pr` have nothing to look at. */
export const LOOKS: Partial<
  Record<Kind, (value: string, place: EvidencePlace) => Promise<Finding> | Finding>
> = {
  commit: lookAtCommit,
  file: lookAtFile,
  cmd: lookAtCommand,
}

const no = (detail: string): Finding => ({ ok: false, detail })

async function lookAtCommit(value: string, place: EvidencePlace): Promise<Finding> {
  const { folder, environment } = place
  if (!isCommitId(value)) return no('it is no id of a commit')
  try {
    const git = await openGit(folder, environment)
    if ((await git.folders()) === undefined) return no(`${folder} is in no git repository`)
    const sha = await git.resolve(value)
    // A branch may bear a name that reads as an id.
    if (sha?.startsWith(value.toLowerCase()) !== true)
      return no(`it is no commit of the repository in ${folder}`)
    const branch = place.branch ?? (await git.headBranch()) ?? 'HEAD'
    const tip = await git.resolve(place.branch === undefined ? 'HEAD' : `refs/heads/${branch}`)
    if (tip === undefined) return no(`there is no branch ${branch}`)
    const found = { sha, subject: await git.subjectOf(sha) }
    const isOn = await git.isAncestor(sha, tip)
    return isOn ? { ok: true, ...found, branch } : { ...found, ...no(`it is not on ${branch}`) }
  } catch (error) {
    if (error instanceof GitFailure) return no(error.message) // survived: told, as any other failing check
    throw error
  }
}

async function lookAtFile(value: string, { folder }: EvidencePlace): Promise<Finding> {
  try {
    const top = realpathSync(folder)
    const file = realpathSync(resolve(folder, value))
    const path = relative(top, file)
    if (path.split(sep)[0] === '..' || isAbsolute(path)) return no(`it leads out of ${folder}`)
    return { ok: true, path: path.split(sep).join('/'), ...(await hashFile(file, LARGEST_FILE)) }
  } catch (error) {
    // survived: told, as any other failing check
    const code = errorCode(error)
    if (error instanceof Error && code !== undefined) return no(REASONS[code] ?? error.message)
    throw error
  }
}

/** Hashing it takes seconds. */
const LARGEST_FILE = 2_000_000_000

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder: name a file in it',
  EACCES: 'there is no permission to read it',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'it can be no path',
}

async function lookAtCommand(command: string, place: EvidencePlace): Promise<Finding> {
  const { folder, timeout_ms } = place
  const environment = clearedEnvironment(place.environment)
  const outcome = await runCommand({ command, shell: 'sh', directory: folder, environment, timeout_ms })
  const { ended, exit_code, duration_ms, stdout, stderr } = outcome
  const ok = ended === 'exited' && exit_code === 0
  return {
    ok,
    ...(exit_code === undefined ? {} : { exit_code }),
    ...(ended === 'timed_out' ? { timed_out: true } : {}),
    duration_ms,
    output_tail: lastOf(stdout + stderr),
    ...(ok ? {} : { detail: `it ${endingOf(outcome)}` }),
  }
}

const lastOf = (output: string): string =>
  output.length <= TAIL_CHARACTERS
    ? output
    : `…${output.slice(-TAIL_CHARACTERS).replace(/^[\uDC00-\uDFFF]/, '')}`

const TAIL_CHARACTERS = 1000
