// Finds the Markdown files below the paths that a user names.

import { readdirSync, statSync } from 'node:fs'
import { posix } from 'node:path'

const MARKDOWN = /\.(?:md|markdown)$/i
const PASSED_OVER = /^(?:\..*|node_modules)$/

export function isMarkdown(path) {
  return MARKDOWN.test(path)
}

/**
 * A file is taken as it is, a directory stands for all Markdown files below it, sorted. Hidden directories
 * and node_modules are passed over. Throws when a path does not exist.
 */
export function findMarkdownFiles(paths) {
  return [...new Set(paths.flatMap(filesBelow))]
}

function filesBelow(path) {
  return statSync(path).isDirectory() ? filesOfDirectory(path) : [posix.normalize(path)]
}

function filesOfDirectory(directory) {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => !PASSED_OVER.test(entry.name),
  )
  return entries.sort(byName).flatMap((entry) => {
    const path = posix.join(directory, entry.name)
    if (entry.isDirectory()) return filesOfDirectory(path)
    return entry.isFile() && isMarkdown(path) ? [path] : []
  })
}

function byName(one, other) {
  return one.name < other.name ? -1 : 1
}
