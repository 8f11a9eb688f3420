/** The entry of the command line: `dist/tkt.cjs` is built from this file. The compile cache goes before everything it can serve. */
import * as module from 'node:module'

// Node 20 has no compile cache.
if ('enableCompileCache' in module) module.enableCompileCache()
void Promise.all([import('../src/runtime.ts'), import('../src/surfaces/cli/main.ts')]).then(
  async ([{ realRuntime }, { main }]) => {
    const runtime = realRuntime()
    await main(runtime)
    // Nothing is left to do, so node need not take its world down piece by piece: that takes a millisecond.
    if (runtime.isFlushed()) process.exit()
  },
)
