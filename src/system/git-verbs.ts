/** How each verb of git.ts is spelled: by exit codes and machine formats, never by the words git uses. */
import { resolve } from 'node:path'
import type { Git, MergeAnswer, Worktree } from './git.ts'
import type { GitInTurn } from './git-in-turn.ts'
import { GitFailure, type RunGit } from './run-git.ts'

type Reading =
  'folders' | 'headBranch' | 'changes' | 'ignored' | 'conflictedPaths' | 'pathsBetween' | 'pathsOfCommits'

/** What git tells of a checkout. */
export function reading(run: RunGit, directory: string): Pick<Git, Reading> {
  return {
    async folders() {
      const args = ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--git-common-dir']
      const { exit_code, stdout } = await run(args, [0, 128])
      const [top, own, shared] = stdout.split(/\r?\n/)
      if (exit_code !== 0 || top === undefined || own === undefined || shared === undefined) return undefined
      // The option for absolute paths came with git 2.31; the shared folder is relative to the directory without it.
      return { top, own, shared: resolve(directory, shared) }
    },
    async headBranch() {
      const { exit_code, stdout } = await run(['symbolic-ref', '--quiet', 'HEAD'], [0, 1])
      return exit_code === 0 ? line(stdout).replace(BRANCHES, '') : undefined
    },
    async changes() {
      const entries = await status(run, '--untracked-files=all', '--no-renames')
      return entries.map((entry) => ({ path: entry.slice(3), untracked: entry.startsWith('??') }))
    },
    async ignored() {
      const entries = await status(run, '--untracked-files=normal', '--ignored')
      return entries.flatMap((entry) => (entry.startsWith('!! ') ? [entry.slice(3)] : []))
    },
    async conflictedPaths() {
      return fields((await run(['diff', '--name-only', '--diff-filter=U', '--no-relative', '-z'])).stdout)
    },
    async pathsBetween(from, to, which) {
      const filter = which === 'added' ? ['--diff-filter=A'] : []
      return fields(
        (await run(['diff-tree', '-r', '--name-only', '--no-renames', '-z', ...filter, from, to])).stdout,
      )
    },
    async pathsOfCommits(base, elsewhere) {
      const since = base === undefined ? ['HEAD'] : ['HEAD', `^${base}`]
      const walks = elsewhere === undefined ? [[]] : [['--first-parent'], [`^${elsewhere}`]]
      const answers = await Promise.all(
        walks.map((walk) => run(['log', ...EACH_BY_ITSELF, ...walk, ...since, '--'])),
      )
      return answers.flatMap(({ stdout }) => fields(stdout))
    },
  }
}

// With the options that keep what the user configured for reading by people out of it.
const EACH_BY_ITSELF = [
  ...['-c', '--root', '--format=', '--name-only', '--no-renames', '-z'],
  ...['--no-relative', '--no-color', '--no-show-signature', '--ignore-submodules=none'],
]

type Relation = 'resolve' | 'hasRef' | 'branchesIn' | 'isAncestor' | 'subjectOf' | 'distance'

/** What names stand for, and how commits stem from each other. */
export function relations(run: RunGit): Pick<Git, Relation> {
  return {
    async resolve(name) {
      const { exit_code, stdout } = await run(
        ['rev-parse', '--verify', '--quiet', `${name}^{commit}`],
        [0, 1],
      )
      return exit_code === 0 ? line(stdout) : undefined
    },
    // As a pattern, which need not be met, and behind a line that git always has to say: see below.
    async hasRef(ref) {
      const { stdout } = await run(['rev-parse', '--git-dir', `--glob=${ref.replace(/.$/, '[$&]')}`])
      return line(stdout).includes('\n')
    },
    async branchesIn(folder) {
      const { stdout } = await run(['for-each-ref', '--format=%(refname)', `refs/heads/${folder}/`])
      const names = stdout.split(/\r?\n/).filter((name) => name !== '')
      return names.map((name) => name.replace(BRANCHES, ''))
    },
    // Not merge-base: it answers without a word, and simple-git waits 50 ms for one.
    async isAncestor(ancestor, descendant) {
      const { stdout } = await run(['rev-list', '--count', '--max-count=1', ancestor, `^${descendant}`])
      return line(stdout) === '0'
    },
    async subjectOf(commit) {
      const plain = ['--no-show-signature', '--no-color', '--encoding=UTF-8'] // whatever the user configured
      return line((await run(['log', '--max-count=1', '--format=%s', ...plain, commit])).stdout)
    },
    async distance(one, other) {
      const { exit_code, stdout } = await run(
        ['rev-list', '--left-right', '--count', `${one}...${other}`],
        'any',
      )
      const [ahead, behind] = stdout.split('\t').map(Number)
      return exit_code !== 0 || ahead === undefined || behind === undefined ? undefined : { ahead, behind }
    },
  }
}

/** The branch line is asked for so that git says something about a clean tree: see above. */
async function status(run: RunGit, ...options: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run(['status', '--porcelain', '-z', '--branch', ...options])
  return fields(stdout).filter((entry) => !entry.startsWith('## '))
}

/** What git foresees. */
export function foreseeing(run: RunGit): Pick<Git, 'foreseeMerge'> {
  return {
    async foreseeMerge(one, other) {
      const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', one, other]
      const { exit_code, stdout } = await run(args, 'any')
      const [tree = '', ...paths] = fields(stdout)
      return exit_code === 0 || exit_code === 1 ? { tree, paths } : undefined
    },
  }
}

/** Names come from files that people edit; git itself lets no branch begin with a dash. */
function notAnOption(branch: string): string {
  if (!branch.startsWith('-')) return branch
  throw new GitFailure([branch], undefined, 'no branch name begins with a dash')
}

const BRANCHES = /^refs\/heads\//
const line = (stdout: string): string => stdout.replace(/\r?\n$/, '')
const fields = (stdout: string): readonly string[] => stdout.split('\0').filter((field) => field !== '')

/** Worktrees. */
export function worktreeVerbs({
  alone,
  inTurn,
}: GitInTurn): Pick<Git, 'worktrees' | 'addWorktree' | 'removeWorktree'> {
  return {
    // Without -z, which git learnt in 2.36 only.
    async worktrees() {
      const blocks = (await inTurn(['worktree', 'list', '--porcelain'])).stdout.split(/\r?\n\r?\n/)
      return blocks.filter((block) => block.trim() !== '').map(readWorktree)
    },
    async addWorktree({ path, branch, newAt, again }) {
      const force = again === true ? ['--force'] : []
      const what =
        newAt === undefined ? [path, notAnOption(branch)] : ['--no-track', '-b', branch, path, newAt]
      await alone(['worktree', 'add', ...force, ...what])
    },
    async removeWorktree(path) {
      await inTurn(['worktree', 'remove', path])
    },
  }
}

function readWorktree(block: string): Worktree {
  const lines = block.split(/\r?\n/)
  const after = (label: string): string | undefined =>
    lines.find((text) => text.startsWith(`${label} `))?.slice(label.length + 1)
  const head = after('HEAD')
  const branch = after('branch')?.replace(BRANCHES, '')
  return {
    path: after('worktree') ?? '',
    ...(head === undefined || /^0+$/.test(head) ? {} : { head }),
    ...(branch === undefined ? {} : { branch }),
    locked: lines.some((text) => /^locked( |$)/.test(text)),
  }
}

type Merging = 'checkout' | 'detach' | 'merge' | 'abortMerge' | 'fastForward'

/** What moves HEAD, branches and references; `inTurn` for what asks where else a branch is checked out. */
export function merging(
  run: RunGit,
  { alone, inTurn }: GitInTurn,
): Pick<Git, Merging | 'deleteBranch' | 'setRef' | 'deleteRef'> {
  const silently = async (...args: readonly string[]): Promise<void> => {
    await run(args)
  }
  const answer = async (args: readonly string[], asked = run): Promise<MergeAnswer> => {
    const { exit_code, stdout, stderr } = await asked(args, 'any')
    return exit_code === 0 ? { ok: true } : { ok: false, message: `${stdout}${stderr}`.trim().slice(-2000) }
  }
  return {
    async checkout(branch, how) {
      const force = how === 'force' ? ['--force'] : []
      await inTurn(['checkout', '--no-guess', ...force, notAnOption(branch), '--'])
    },
    detach: (commit) => silently('checkout', '--detach', commit, '--'),
    async merge(commit, message) {
      const config = [...UNATTENDED, ...(await missingIdentity(run))].flatMap((setting) => ['-c', setting])
      return answer([
        ...config,
        'merge',
        '--no-ff',
        '--commit',
        '--no-squash',
        '--no-edit',
        '-m',
        message,
        commit,
      ])
    },
    abortMerge: () => silently('merge', '--abort'),
    fastForward: (commit) =>
      answer(
        [
          ...['-c', 'merge.autoStash=false', 'merge', '--ff-only', '--no-squash', '--no-overwrite-ignore'],
          commit,
        ],
        alone,
      ),
    deleteBranch: async (branch) =>
      (await inTurn(['branch', '-D', notAnOption(branch)], [0, 1])).exit_code === 0,
    setRef: (ref, commit) => silently('update-ref', ref, commit),
    deleteRef: (ref) => silently('update-ref', '-d', ref),
  }
}

// Signing may ask for a passphrase where nobody can answer, and a stash would move the user's changes about.
const UNATTENDED = ['commit.gpgSign=false', 'merge.autoStash=false']

/** A neutral name for what the user's configuration leaves open; GIT_COMMITTER_NAME and its kin still win. */
async function missingIdentity(run: RunGit): Promise<readonly string[]> {
  const { stdout } = await run(['config', '-z', '--get-regexp', '^user\\.(name|email)$'], [0, 1])
  const configured = fields(stdout).map((field) => field.split('\n', 1)[0])
  return NEUTRAL_IDENTITY.filter((setting) => !configured.includes(setting.split('=', 1)[0]))
}

const NEUTRAL_IDENTITY = ['user.name=tkt', 'user.email=tkt@localhost']
