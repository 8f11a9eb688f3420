/** Loaded before a program: says that this process is ready, then waits until it is let go. */
import { closeSync, readSync, writeSync } from 'node:fs'

writeSync(3, '.')
readSync(4, Buffer.alloc(1))
closeSync(3)
closeSync(4)
