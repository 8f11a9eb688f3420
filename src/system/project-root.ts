/** Finds the project a command is meant for, without starting git: one store for all worktrees of a repository. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'

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

/**
 * `--root`, else TKT_ROOT / PROJECT_ROOT (contracts: filesystem section 1.1), else the nearest folder with a store, else
 * the top of the repository's main checkout, else the working directory (architecture section 6).
 */
export function findPlace(request: PlaceRequest): Place {
  const { cwd, environment, root } = request
  if (root !== undefined) return guarded(request, placeAt(resolve(cwd, root)))
  const named = fromEnvironment(cwd, environment)
  if (named !== undefined) return named
  const start = outside(realPath(cwd), realPath(request.skillFolder)) ?? environment.CLAUDE_PROJECT_DIR
  if (start === undefined) return guarded(request, placeAt(cwd))
  const found = walkUp(start)
  return guarded(request, placeAt(found.store ?? found.top ?? start))
}

const placeAt = (root: string): Place => ({ root, store: join(root, '.tkt') })

function fromEnvironment(cwd: string, environment: PlaceRequest['environment']): Place | undefined {
  const project = environment.PROJECT_ROOT === '' ? undefined : environment.PROJECT_ROOT
  const data = environment.TKT_ROOT === '' ? undefined : environment.TKT_ROOT
  if (data === undefined) return project === undefined ? undefined : placeAt(resolve(cwd, project))
  const store = resolve(cwd, data)
  if (project !== undefined) return { root: resolve(cwd, project), store }
  return { root: basename(store) === '.tkt' ? dirname(store) : (walkUp(cwd).top ?? cwd), store }
}

/** The working directory, or the folder above the skill's when it lies in there. Undefined: the skill is all there is. */
function outside(cwd: string, skillFolder: string): string | undefined {
  const path = relative(skillFolder, cwd)
  if (path.startsWith('..') || isAbsolute(path)) return cwd
  const parent = dirname(skillFolder)
  const found = walkUp(parent)
  return found.store === undefined && found.top === undefined ? undefined : parent
}

interface Found {
  readonly store: string | undefined
  readonly top: string | undefined
}

/** The nearest folder upwards that holds a store, and the top of the main checkout; a worktree answers for its main one. */
function walkUp(start: string): Found {
  let store: string | undefined
  for (let folder = start; ; folder = dirname(folder)) {
    if (store === undefined && isDirectory(join(folder, '.tkt'))) store = folder
    const top = mainCheckout(folder)
    if (top !== undefined) {
      const mapped = store === undefined ? top : join(top, relative(folder, store))
      const own = top === folder || isDirectory(join(mapped, '.tkt'))
      return { store: own && isDirectory(join(mapped, '.tkt')) ? mapped : store, top }
    }
    if (dirname(folder) === folder) return { store, top: undefined }
  }
}

/** The main checkout of the repository whose top `folder` is; undefined when it is no top, or the repository is bare. */
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
  if (root === realPath(request.skillFolder)) return { ...place, refusal: 'it is the folder of this skill' }
  return place
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path // does not exist yet: it is compared as it is written
  }
}
