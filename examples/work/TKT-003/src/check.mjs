// Checks the relative links of Markdown files. Reads files only; never uses the network.

import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { anchorsOf } from './anchors.mjs'
import { findMarkdownFiles, isMarkdown } from './files.mjs'
import { readMarkdown } from './markdown.mjs'

const EXTERNAL = /^(?:[a-z][a-z\d+.-]*:|\/\/)/i

/**
 * Checks every Markdown file at or below `paths`. A target that starts with a slash counts from `root`.
 *
 * Returns the number of `files` and of relative `links`, and the `problems`: each is the link
 * (`line`, `column`, `target`) with its `file` and the `reason`, `no such file` or `no such anchor`.
 */
export function checkPaths(paths, root = '.') {
  const files = findMarkdownFiles(paths)
  const readDocument = createDocumentReader()
  const links = files.flatMap((file) => readDocument(file).links.map((link) => ({ file, ...link })))
  const relativeLinks = links.filter((link) => !EXTERNAL.test(link.target))
  const problems = relativeLinks.flatMap((link) => {
    const reason = findReason(link, root, readDocument)
    return reason ? [{ ...link, reason }] : []
  })
  return { files: files.length, links: relativeLinks.length, problems }
}

/** A document is read once, however many links point at it. */
function createDocumentReader() {
  const documents = new Map()
  return (file) => {
    if (!documents.has(file)) documents.set(file, readDocument(file))
    return documents.get(file)
  }
}

function readDocument(file) {
  const { links, headings, explicitAnchors } = readMarkdown(readFileSync(file, 'utf8'))
  return { links, anchors: new Set([...anchorsOf(headings), ...explicitAnchors, 'top']) }
}

function findReason(link, root, readDocument) {
  const { path, anchor } = splitTarget(link.target)
  const file = resolvePath(path, link.file, root)
  if (!existsSync(file)) return 'no such file'
  if (anchor === '' || !isMarkdown(file)) return undefined
  return readDocument(file).anchors.has(anchor) ? undefined : 'no such anchor'
}

function splitTarget(target) {
  const [address, ...rest] = target.split('#')
  return { path: decode(address.replace(/\?.*$/, '')), anchor: decode(rest.join('#')) }
}

/** A stray percent sign is legal in a file name, so text that cannot be decoded stands for itself. */
function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function resolvePath(path, fromFile, root) {
  if (path === '') return fromFile
  return path.startsWith('/') ? posix.join(root, path) : posix.join(posix.dirname(fromFile), path)
}
