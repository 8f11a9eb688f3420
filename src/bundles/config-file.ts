/** config/tkt.yaml of a project, read as the files of the store are. */
import { join, resolve } from 'node:path'
import { resolveConfig, type Config } from '../config.ts'
import { OperationError } from '../operation/errors.ts'
import type { PlaceRequest } from '../system/project-root.ts'
import { storeCache } from './store/caches.ts'
import type { StorePlace } from './store/layout.ts'
import { readYamlFile } from './store/yaml-source.ts'

type Surroundings = Pick<PlaceRequest, 'cwd' | 'environment'>

function configFile(world: Surroundings, place: StorePlace): string {
  const folder = world.environment.CONFIG_DIR
  return join(
    folder === undefined || folder === '' ? join(place.root, 'config') : resolve(world.cwd, folder),
    'tkt.yaml',
  )
}

/** What config/tkt.yaml of that project says. Throws CONFIG_INVALID with all its errors. */
export function configOf(world: Surroundings, place: StorePlace): Config {
  const path = configFile(world, place)
  const cache = storeCache(place)
  const file = readYamlFile(path, cache)
  cache.save()
  const resolved = file?.ok === false ? refusedConfig(file.reason) : resolveConfig(file?.value.value)
  if (resolved.ok) return resolved.config
  throw new OperationError('CONFIG_INVALID', `${path}: ${resolved.errors.join('; ')}`, {
    path,
    errors: resolved.errors,
  })
}

const refusedConfig = (reason: string) => ({ ok: false, errors: [reason] }) as const
