// The command line: reads the arguments, runs the check, prints the report, chooses the exit code.

import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkPaths } from './check.mjs'
import { formatJson, formatText } from './report.mjs'

const USAGE = `Usage: linkcheck [--json] [path ...]

Checks the relative links in Markdown files, by default of all below the current directory.
Exit code: 0 all links work, 1 some do not, 2 the command was not understood.`

const EXIT = { sound: 0, broken: 1, misused: 2 }

/** Runs the command with these arguments; prints to the console and returns the exit code. */
export function main(args) {
  const request = readArguments(args)
  if (request.mistake) {
    console.error(`linkcheck: ${request.mistake}\n\n${USAGE}`)
    return EXIT.misused
  }
  if (request.help) {
    console.log(USAGE)
    return EXIT.sound
  }
  const outcome = checkPaths(request.paths)
  console.log(request.json ? formatJson(outcome) : formatText(outcome))
  return outcome.problems.length === 0 ? EXIT.sound : EXIT.broken
}

function readArguments(args) {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const paths = positionals.length > 0 ? positionals : ['.']
    const missing = paths.find((path) => !existsSync(path))
    return { ...values, paths, mistake: missing && `no such file or directory: ${missing}` }
  } catch (error) {
    // parseArgs throws on an unknown option; its message says which.
    return { mistake: error.message }
  }
}
