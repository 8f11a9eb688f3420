/** Finds the project a command is meant for, without starting git: one store for all worktrees of a repository. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

export interface PlaceRequest {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `--root`: the project's folder. */
  readonly root: string | undefined
  /** Where this program is installed: never a project. */
  readonly skillFolder: string
}

export interface Place {
  readonly root: string
  readonly store: string
  /** Why no store may be started here; a store that exists is used all the same. */
  readonly refusal?: string
}

/** Why no store may be started there; undefined where one may, or is. */
export const refusalOfNewStore = ({ root, store, refusal }: Place): string | undefined =>
  refusal === undefined || existsSync(store)
    ? undefined
    : `no project found: ${root} is no place for a store, as ${refusal}`

/** What git is not to see of a store: of no worth when no command runs, or a database. */
export const STORE_IGNORED = ['/tmp/', '/locks/', '/tickets.db*']

/**
 * `--root`, else TKT_ROOT / PROJECT_ROOT (contracts: filesystem section 1.1), else the nearest folder with a store, else
 * the top of the repository's main checkout, else the working directory (architecture section 6). Inside the folder of
 * this program the search starts from CLAUDE_PROJECT_DIR, else above that folder.
 */
export function findPlace(request: PlaceRequest): Place {
  const { cwd, environment, root } = request
  if (root !== undefined) return existing(guarded(request, placeAt(resolve(cwd, root))))
  const named = fromEnvironment(request)
  if (named !== undefined) return named
  const from = (start: string, otherwise = start): Place =>
    guarded(request, placeAt(projectOf(start) ?? otherwise))
  const [here, skillFolder] = [realPath(cwd), realPath(request.skillFolder)]
  if (!isInside(skillFolder, here)) return from(here)
  const claude = given(environment.CLAUDE_PROJECT_DIR)
  return claude === undefined ? from(dirname(skillFolder), here) : from(realPath(resolve(cwd, claude)))
}

/** A folder named by mistake is not made. */
const existing = (place: Place): Place =>
  place.refusal !== undefined || isDirectory(place.root)
    ? place
    : { ...place, refusal: 'there is no such folder' }

const placeAt = (root: string): Place => ({ root, store: join(root, '.tkt') })

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

function fromEnvironment(request: PlaceRequest): Place | undefined {
  const { cwd, environment } = request
  const project = given(environment.PROJECT_ROOT)
  const data = given(environment.TKT_ROOT)
  if (data === undefined)
    return project === undefined ? undefined : guarded(request, placeAt(resolve(cwd, project)))
  const store = resolve(cwd, data)
  if (project !== undefined) return { root: resolve(cwd, project), store }
  return { root: basename(store) === '.tkt' ? dirname(store) : (checkoutAbove(cwd)?.main ?? cwd), store }
}

/**
 * The nearest folder with a store, else the top of the main checkout. A linked worktree is looked at as the main checkout
 * sees it, so a store of its own, which is there when `.tkt` is tracked, counts only when the main checkout has none.
 */
function projectOf(start: string): string | undefined {
  const checkout = checkoutAbove(start)
  if (checkout === undefined) return folderWithStore(start)
  const seen = join(checkout.main, relative(checkout.top, start))
  return folderWithStore(seen) ?? folderWithStore(start) ?? checkout.main
}

/**
 * The checkout that is worked in: the one around `cwd` where it is of the project's repository, else the project's own.
 * Undefined where the project is in no repository.
 */
export function checkoutOf({ root }: Place, cwd: string): Checkout | undefined {
  const [here, own] = [checkoutAbove(realPath(cwd)), checkoutAbove(realPath(root))]
  return here?.main === own?.main ? here : own
}

function folderWithStore(start: string): string | undefined {
  return ancestors(start).find((folder) => isDirectory(join(folder, '.tkt')))
}

export interface Checkout {
  readonly top: string
  /** The top of the main checkout of the same repository. */
  readonly main: string
}

function checkoutAbove(start: string): Checkout | undefined {
  for (const top of ancestors(start)) {
    const main = mainCheckout(top)
    if (main !== undefined) return { top, main }
  }
  return undefined
}

/** The folder itself and every one above it. */
function ancestors(folder: string): readonly string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...ancestors(above)]
}

/** The main checkout of the repository whose top `folder` is; undefined when it is no top. A bare one has none: itself. */
function mainCheckout(folder: string): string | undefined {
  const git = join(folder, '.git')
  const found = statSync(git, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (found.isDirectory()) return folder
  const pointer = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1]
  if (pointer === undefined) return folder
  const gitFolder = resolve(folder, pointer.trim())
  const commonFile = join(gitFolder, 'commondir')
  if (!existsSync(commonFile)) return folder // a submodule: a repository of its own
  const common = resolve(gitFolder, readFileSync(commonFile, 'utf8').trim())
  return basename(common) === '.git' ? dirname(common) : folder
}

function guarded(request: PlaceRequest, place: Place): Place {
  const root = realPath(place.root)
  const home = request.environment.HOME ?? request.environment.USERPROFILE
  if (home !== undefined && home !== '' && root === realPath(home))
    return { ...place, refusal: 'it is the home folder' }
  if (dirname(root) === root) return { ...place, refusal: 'it is the root of the file system' }
  if (isInside(realPath(request.skillFolder), root))
    return { ...place, refusal: 'it is in the folder of this skill' }
  return place
}

const isInside = (folder: string, path: string): boolean => ancestors(path).includes(folder)

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    return false // survived: what may not be seen up there is no store of ours
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path // does not exist yet: it is compared as it is written
  }
}
