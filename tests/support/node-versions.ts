/** Other versions of Node: the npm packages that hold one executable each, fetched once into .cache/. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const cache = join(import.meta.dirname, '../../.cache')

/** The oldest that package.json allows, and the newest of each line that is in use. */
export const NODE_VERSIONS = ['20.19.0', '22', '24', '26'] as const
export type NodeVersion = (typeof NODE_VERSIONS)[number]

/** The executable of that version. Throws with npm's words when it is not there and cannot be fetched. */
export async function nodeOf(version: NodeVersion): Promise<string> {
  const { packageName, executable } = platformPackage()
  const folder = join(cache, `node-${version}`)
  const path = join(folder, basename(executable))
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const fresh = mkdtempSync(join(folder, 'fetching-'))
  try {
    await fetchInto(fresh, `${packageName}@${version}`)
    renameSync(join(fresh, 'node_modules', packageName, executable), path)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return path
}

async function fetchInto(folder: string, name: string): Promise<void> {
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1']
  try {
    await promisify(execFile)('npm', ['install', '--prefix', folder, ...options, name], { timeout: 240_000 })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`${name} is not in ${cache} and could not be fetched from the npm registry. ${words}`, {
      cause: error,
    })
  }
}

/** The package that the npm package `node` would install through its script. */
function platformPackage(): { readonly packageName: string; readonly executable: string } {
  const { platform, arch } = process
  const isAppleSilicon = platform === 'darwin' && arch === 'arm64'
  const system = platform === 'win32' ? 'win' : platform
  return {
    packageName: `${isAppleSilicon ? 'node-bin' : 'node'}-${system}-${arch}`,
    executable: platform === 'win32' ? 'bin/node.exe' : 'bin/node',
  }
}
