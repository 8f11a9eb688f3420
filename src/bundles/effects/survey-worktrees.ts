/** Finds every worktree that belongs to a bundle, or seems to, and looks at each. Changes nothing. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { listNames } from '../../system/files.ts'
import { openGit, type CheckoutFolders, type Git, type Worktree } from '../../system/git.ts'
import { inParallel } from '../../system/in-parallel.ts'
import type { GitEnvironment } from '../../system/run-git.ts'
import { isFinished, type Bundle } from '../model/bundle.ts'
import { isBundleId, type BundleId } from '../model/ids.ts'
import { BUNDLE_BRANCHES, bundleOfBranch, type SeenWorktree } from '../model/worktree.ts'
import { attempt, canonical, type Outcome } from '../../worktrees/place.ts'
import { enterWorktree, JUDGING, type EnteredWorktree } from '../../worktrees/worktree-state.ts'

export interface SurveyRequest {
  readonly root: string
  readonly environment: GitEnvironment
  readonly bundles: readonly Bundle[]
  /** Only what belongs to this bundle. */
  readonly only?: BundleId | undefined
  /** Whether ignored files are looked for. */
  readonly ignored?: boolean
}

/**
 * Worktrees that a bundle recorded, that lie in `.worktrees`, or that are on a branch `bundle/B-NNN`; what else lies in
 * `.worktrees`; and branches `bundle/B-NNN` that no worktree is on, as worktrees that are gone. What a bundle recorded and merged, and of which nothing is left, is not told. Problem: 'failed'.
 */
export function surveyWorktrees(
  request: SurveyRequest,
): Promise<Outcome<{ readonly worktrees: readonly SeenWorktree[] }>> {
  return attempt(async () => {
    const repository = await openRepository(request)
    const { only } = request
    const isWanted = (bundle: BundleId | undefined): boolean => only === undefined || bundle === only
    const places = placesIn(request, repository).filter(
      ({ bundle }) => bundle === undefined || isWanted(bundle),
    )
    const seen = await inParallel(places, AT_ONCE, (place) => lookAt(place, repository))
    const worktrees = seen.filter((one) => one !== undefined).filter(({ bundle }) => isWanted(bundle))
    return { ok: true, worktrees: worktrees.map((one) => ({ ...one, ...foundElsewhere(one, worktrees) })) }
  })
}

/** Starting git takes most of the time; a few at once keep every core busy. */
const AT_ONCE = 8

interface Repository {
  readonly root: string
  readonly environment: GitEnvironment
  readonly wants_ignored: boolean
  readonly git: Git
  readonly main: CheckoutFolders | undefined
  /** By folder, without the main checkout. */
  readonly linked: ReadonlyMap<string, Worktree>
  /** Branches of bundles that none of these is on. */
  readonly branches: readonly string[]
  readonly checked_out: string | undefined
}

/** Where there is no repository, nothing is a worktree. */
async function openRepository({ root, environment, ignored = false }: SurveyRequest): Promise<Repository> {
  const git = await openGit(root, environment)
  const main = await git.folders()
  const [, ...linked] = main === undefined ? [] : await git.worktrees()
  const branches = main === undefined ? [] : await git.branchesIn(BUNDLE_BRANCHES)
  return {
    root: canonical(root, '.'),
    environment,
    wants_ignored: ignored,
    git,
    main,
    linked: new Map(linked.map((worktree) => [canonical(root, worktree.path), worktree])),
    branches: branches.filter((branch) => linked.every((worktree) => worktree.branch !== branch)),
    checked_out: main === undefined ? undefined : await git.headBranch(),
  }
}

interface Place {
  readonly folder: string
  readonly bundle: BundleId | undefined
  readonly own_branch: string | undefined
  readonly in_place: boolean
  readonly target: string | undefined
  /** Its bundle recorded it, and that its branch is in the target: it need not be there any more. */
  readonly may_be_gone: boolean
}

/** The first that knows a folder counts: the record of its bundle (of an open one first), its name, its branch. */
function placesIn({ bundles }: SurveyRequest, repository: Repository): readonly Place[] {
  const { root, linked, branches, checked_out } = repository
  const byId = new Map(bundles.map((bundle) => [bundle.id, bundle]))
  const homeOf = (id: BundleId): string => canonical(root, byId.get(id)?.worktree_path ?? `.worktrees/${id}`)
  const placeAt = (folder: string, id: BundleId | undefined): Place => {
    const bundle = id === undefined ? undefined : byId.get(id)
    return {
      folder,
      bundle: id,
      own_branch: bundle?.worktree_branch ?? (id === undefined ? undefined : `bundle/${id}`),
      in_place: id !== undefined && homeOf(id) === folder,
      target: bundle?.worktree_target ?? checked_out,
      may_be_gone: bundle?.merged_at !== undefined,
    }
  }
  const places = [
    ...bundles
      .toSorted((one, other) => Number(isFinished(one)) - Number(isFinished(other)))
      .flatMap(({ id, worktree_path }) =>
        worktree_path === undefined ? [] : [placeAt(canonical(root, worktree_path), id)],
      ),
    ...listNames(join(root, '.worktrees'))
      .filter((name) => name !== '.gitignore')
      .map((name) => placeAt(canonical(root, join('.worktrees', name)), bundleOfFolder(name))),
    ...[...linked].flatMap(([folder, { branch }]) => {
      const id = bundleOfBranch(branch)
      return id === undefined ? [] : [placeAt(folder, id)]
    }),
    ...branches.flatMap((branch) => {
      const id = bundleOfBranch(branch)
      return id === undefined ? [] : [placeAt(homeOf(id), id)]
    }),
  ]
  const firstOf = new Map(places.toReversed().map((place) => [place.folder, place]))
  return places.filter((place) => firstOf.get(place.folder) === place)
}

const LEFTOVER = /\/\.removed-([^/]+)$/

function bundleOfFolder(name: string): BundleId | undefined {
  const [, removed = name] = LEFTOVER.exec(`/${name}`) ?? []
  return isBundleId(removed) ? removed : undefined
}

async function lookAt(place: Place, repository: Repository): Promise<SeenWorktree | undefined> {
  const { root, environment, linked, checked_out } = repository
  const { folder, own_branch } = place
  const registered = linked.get(folder)
  const inRoot = relative(root, folder)
  const base = {
    bundle: place.bundle,
    path: inRoot.startsWith('..') || isAbsolute(inRoot) ? folder : inRoot,
    branch: registered?.branch,
    own_branch,
    has_own_branch: false,
    in_place: place.in_place,
    in_project: own_branch !== undefined && own_branch === checked_out,
    target: place.target,
    distance: undefined,
    changes: [],
    ignored: [],
    locked: registered?.locked === true,
    has_submodules: false,
  }
  if (LEFTOVER.test(folder)) return { ...base, state: 'leftover' }
  const looked = await attempt(async () => {
    if (!existsSync(folder)) return { ok: true, found: await lookForRest(place, repository) }
    const at = { root, environment, path: folder, branch: own_branch ?? '' }
    const entered = await enterWorktree(at, repository.main)
    if (entered.ok) return { ok: true, found: await lookInside(entered, place, repository) }
    return entered.problem === 'gone' ? { ok: true, found: { state: 'not_a_worktree' as const } } : entered
  })
  if (!looked.ok) return { ...base, state: 'unreadable', problem: looked.message }
  return looked.found === undefined ? undefined : { ...base, ...looked.found }
}

/** Of a folder that is gone: what git still knows of it, or nothing. */
async function lookForRest(place: Place, { git, linked }: Repository) {
  const { folder, own_branch = '', target = '', may_be_gone } = place
  const registered = linked.get(folder)
  const has_own_branch = (await git.resolve(`refs/heads/${own_branch}`)) !== undefined
  if (may_be_gone && registered === undefined && !has_own_branch) return undefined
  const distance = await git.distance(registered?.head ?? `refs/heads/${own_branch}`, `refs/heads/${target}`)
  const branch = registered === undefined ? own_branch : registered.branch
  return { state: 'gone', branch, has_own_branch, distance } as const
}

async function lookInside(
  { git, git_folder }: EnteredWorktree,
  { folder, own_branch, bundle, target = '' }: Place,
  { linked, wants_ignored }: Repository,
) {
  const registered = linked.get(folder)
  const isJudging = await git.hasRef(JUDGING)
  const changes = (await git.changes()).map(({ path }) => path)
  const checkedOut = registered === undefined ? await git.headBranch() : registered.branch
  const branch = isJudging ? own_branch : checkedOut
  const locked = registered?.locked === true
  return {
    bundle: bundle ?? bundleOfBranch(branch),
    state: isJudging ? 'judging' : locked ? 'locked' : changes.length > 0 ? 'dirty' : 'clean',
    branch,
    has_own_branch: branch === own_branch,
    distance: await git.distance(
      isJudging ? `refs/heads/${own_branch ?? ''}` : 'HEAD',
      `refs/heads/${target}`,
    ),
    changes,
    ignored: wants_ignored ? await git.ignored() : [],
    has_submodules: existsSync(join(git_folder, 'modules')),
  } as const
}

/** A folder that is gone may have been moved: then its branch is checked out somewhere else. */
function foundElsewhere(
  { state, path, branch }: SeenWorktree,
  all: readonly SeenWorktree[],
): Pick<SeenWorktree, 'elsewhere'> {
  const other = all.find((one) => one.state !== 'gone' && one.branch === branch && one.path !== path)
  return state !== 'gone' || branch === undefined || other === undefined ? {} : { elsewhere: other.path }
}
