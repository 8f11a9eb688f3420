/** Loaded before the program: says that this process is ready, then waits until all the others are. */
const { closeSync, readSync, writeSync } = require('node:fs')

writeSync(3, '.')
readSync(4, Buffer.alloc(1))
closeSync(3)
closeSync(4)
