/** Loaded before the program: as if this Node had no SQLite of its own. */
const real = process.getBuiltinModule.bind(process) as (name: string) => unknown
Reflect.set(process, 'getBuiltinModule', (name: string) => (name === 'node:sqlite' ? undefined : real(name)))
