/** The entry of the command line: `dist/tkt.cjs` is built from this file. The compile cache goes before everything it can serve. */

const module = process.getBuiltinModule('node:module')
// Node 20 has no compile cache.
if ('enableCompileCache' in module) module.enableCompileCache()
void Promise.all([import('../src/runtime.ts'), import('../src/surfaces/cli/main.ts')]).then(
  ([{ realRuntime }, { main }]) => main(realRuntime()),
)
