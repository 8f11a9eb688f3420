// Turns the outcome of a check into text, for people and for programs.

/** One line for each problem, in the form editors make clickable, and a last line with the sums. */
export function formatText({ files, links, problems }) {
  const sums = [count(files, 'file'), count(links, 'link'), count(problems.length, 'problem')]
  return [...problems.map(formatProblem), sums.join(', ')].join('\n')
}

/** The outcome as indented JSON. The field names are a promise: programs read them. */
export function formatJson({ files, links, problems }) {
  return JSON.stringify({ files, links, problems }, null, 2)
}

function formatProblem({ file, line, column, target, reason }) {
  return `${file}:${line}:${column} ${target}: ${reason}`
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
