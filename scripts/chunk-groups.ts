/** Which source lies in which chunk of dist/: what a command needs is in few files, and little else is. */

const WORK =
  /node_modules[\\/](picomatch|@noble)|src[\\/]durable[\\/](ticket-scope|(cut|judge-in)-worktree|worktree-place|left-worktrees|locked|prove\.|verification|check-database|importing|model[\\/](published-task|left-worktree|(scope|note)[\\/])|effects[\\/](changed|store-file)|operations[\\/](check-ticket-scope|db|import)|store[\\/]sqlite[\\/](archive|keeper|copy|check))/

/** What every command loads. */
const MAIN =
  /src[\\/](runtime|registry[\\/](bundles|entry|families|named)|surfaces[\\/]cli[\\/](main|world|arguments|nearest)|bundles[\\/](config-file|store[\\/](caches|parse-cache|yaml-(source|read)|layout))|durable[\\/](store-there|model[\\/]server-named)|evidence[\\/](?!check|looks|acceptance)|system[\\/](files|prepared-files|lock|owner|clock|session|project-root|output-stream)|config|lifecycle|operation|generated[\\/]fields)|plain-typebox|[\\/]package\.json/

/** What claims have no use for: the note, the tickets of a batch, and what is done to a ticket. */
const SESSION =
  /src[\\/]durable[\\/](batch-report|claim-several|closure-report|feed|fetched-page|following|holder-move|note-intake|open-move|proof-door|refresh|told-event|warn-of-circle|model[\\/](awaited|claim-summary|comment|digest|loop-state|measure|since|startup|subagent|telling)|operations[\\/](?!check-ticket-scope|claim-ticket|db|import|next-ticket)|store[\\/](measuring|sqlite[\\/](agents|edit|follow|intake|measure|overview|piles|readings|requests|tell|worktree)))/

const POSTGRES = /src[\\/]durable[\\/]store[\\/]postgres|node_modules[\\/](pg|postgres|split2|xtend)/

/**
 * What loads together lies together: each file more costs a short command a third of a millisecond. The engine's chunk
 * serves every operation, and another one whatever starts git or commands; an operation's own chunk holds its files;
 * libraries that load alone have one each.
 */
export const GROUPS = [
  { name: 'library-yaml', test: /node_modules[\\/]yaml[\\/]/, priority: 8 },
  {
    name: 'library-simple-git',
    test: /node_modules[\\/](simple-git|@simple-git|@kwsites)[\\/]|scripts[\\/]silent-debug/,
    priority: 3,
  },
  {
    name: 'terminal',
    test: /node_modules[\\/](commander|cli-table3|picocolors|string-width|emoji-regex|strip-ansi|ansi-regex|is-fullwidth-code-point|@colors)[\\/]|src[\\/]surfaces[\\/]cli[\\/](terminal|help|actions|more-rows|views)/,
    priority: 3,
  },
  {
    name: 'checking',
    test: /src[\\/](evidence[\\/](check|looks)|bundles[\\/](check-evidence|effects[\\/]evidence)|worktrees|system[\\/](command|file-hash|git|process|run-git))/,
    priority: 4,
  },
  { name: 'review', test: isDrawing, priority: 4 },
  { name: 'durable', test: isDurable, priority: 3 },
  { name: 'session', test: SESSION, priority: 3 },
  { name: 'work', test: WORK },
  { name: 'postgres', test: POSTGRES },
  { name: 'bridge', test: /src[\\/]bridge[\\/]/ },
  { name: operationOf, debugName: 'operations', priority: 2 },
  { name: 'bundles', test: isOfEngine, priority: 5 },
  { name: 'main', test: MAIN, priority: 7 },
]

const ENGINE_2 = ['durable', 'session', 'work', 'postgres', 'bridge']

/** The folder below dist/ where a chunk lies: those of engine 2 have one of their own. */
export const folderOf = (chunk: string): string => (ENGINE_2.includes(chunk) ? 'durable' : 'tkt')

/** What reads notes and scopes, with the library of globs, loads where a note was changed or a scope is declared. */
function isDurable(file: string): boolean {
  return (
    ![WORK, POSTGRES, SESSION].some((other) => other.test(file)) &&
    /src[\\/](durable[\\/]|registry(\.ts|[\\/](durable|bridge)))/.test(file)
  )
}

/** What close and the operations that draw share. */
function isDrawing(file: string): boolean {
  return DRAWING.test(file)
}

const DRAWING =
  /src[\\/]bundles[\\/](review-files|model[\\/](review[.-](?!entry)|graph-|markdown|mermaid-|timeline|work-spans|transition-stats)|operations[\\/](generate-review|show-review|graph|verify))/

/** What serves every operation. */
function isOfEngine(file: string): boolean {
  return apart(file) === null && !isDrawing(file) && ENGINE.test(file)
}

const ENGINE =
  /src[\\/]bundles[\\/](store[\\/](?!structure|backup)|model[\\/]|context|find|lease|once|one-at-a-time|take-ticket|evidence)|src[\\/]evidence[\\/]acceptance|@stablelib/

function operationOf(file: string): string | null {
  const name = /src[\\/]bundles[\\/]operations[\\/]([a-z-]+)/.exec(file)?.[1] ?? null
  return (
    apart(file) ??
    SHARED_CHUNKS.find(([, operations]) => name !== null && operations.includes(name))?.[0] ??
    name
  )
}

function apart(file: string): string | null {
  return APART.find(([, test]) => test.test(file))?.[0] ?? null
}

/** What no short command reads lies with the operations that do. */
const APART: readonly (readonly [string, RegExp])[] = [
  ['planning', /src[\\/]bundles[\\/]model[\\/]plan-/],
  ['add', /src[\\/]bundles[\\/]model[\\/]edits/],
  ['update', /src[\\/]bundles[\\/](under-key|store[\\/]requests)/],
  [
    'repair',
    /src[\\/](bundles[\\/](see-worktrees|verify-history|effects[\\/]survey|model[\\/](prune|worktree|history-[tv]|mend-yaml|older-names))|system[\\/]in-parallel)/,
  ],
]

/**
 * A skill folder is to hold few files, so operations that lie near each other lie together: those of every day with few
 * others, as each that is loaded without being run costs some tenths of a millisecond.
 */
const SHARED_CHUNKS: readonly (readonly [string, readonly string[]])[] = [
  ['add', ['add', 'edit']],
  ['claim', ['claim', 'next']],
  ['list', ['list-bundles', 'roadmap-status', 'bundle-status', 'show', 'history']],
  ['planning', ['init-roadmap', 'create-bundle', 'roadmap-transition', 'roadmap-goal', 'archive-bundle']],
  ['update', ['update', 'batch-update', 'release', 'reopen']],
  ['repair', ['doctor', 'worktree-status', 'worktree-prune']],
]
