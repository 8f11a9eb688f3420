/** Loaded before the program: as if this Node had no SQLite of its own. It complains of one that ends without the library. */
import { createRequire } from 'node:module'

const real = process.getBuiltinModule.bind(process) as (name: string) => unknown
Reflect.set(process, 'getBuiltinModule', (name: string) => (name === 'node:sqlite' ? undefined : real(name)))

const { cache } = createRequire(import.meta.url)
process.on('exit', () => {
  if (!Object.keys(cache).some((path) => /@photostructure.sqlite.*\.node$/.test(path)))
    process.stderr.write('the library was not used\n')
})
