/** `node watch-files.ts <store>`: reads every yaml file of a store again and again, until told to stop, and reports what was torn. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const [store = ''] = process.argv.slice(2)
const state = { stopped: false }
process.once('message', () => (state.stopped = true))
const faults: string[] = []
let reads = 0
process.send?.('ready')
while (!state.stopped) {
  for (const name of namesIn(store).filter((path) =>
    /^(?:bundles|express)\/.*\.yaml$|^roadmap\.yaml$/.test(path),
  ))
    look(name)
  await new Promise(setImmediate)
}
process.send?.({ reads, faults })
process.disconnect()

function look(name: string): void {
  reads += 1
  const text = readFileSync(join(store, name), 'utf8')
  try {
    if (text === '') faults.push(`${name} is empty`)
    else parse(text)
  } catch (error) {
    faults.push(`${name}: ${String(error)}\n${text}`)
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return [] // survived: scratch files come and go while the folders are listed
  }
}
