import type { RunnerTask, RunnerTestCase } from 'vitest'
import { relativePath } from '../store/relative-path.ts'
import type { Owner } from '../session/session.ts'

/** The scope owner that a running test is. */
export function ownerOfTest(test: RunnerTestCase, root: string): Owner {
  let others: Set<string> | undefined
  const name = scopeName(test)
  return {
    kind: 'test',
    test: name,
    isOtherTest: other =>
      other !== name && (others ??= new Set(testsOf(test.file).map(scopeName))).has(other),
    command: commandFor(test.file.filepath, root, test.name),
  }
}

/** The owner of what a suite's hooks do. */
export function ownerOfHooks(file: string, root: string): Owner {
  return { kind: 'hooks', command: commandFor(file, root) }
}

/** `suite > test` as Vitest prints it; tests of the same full name (`test.each` without a placeholder) count up. */
function scopeName(test: RunnerTestCase): string {
  const same = testsOf(test.file).filter(other => fullName(other) === fullName(test))
  const place = same.indexOf(test)
  return place > 0 ? `${fullName(test)} #${place + 1}` : fullName(test)
}

export function fullName(test: RunnerTestCase): string {
  const names = [test.name]
  for (let suite = test.suite; suite; suite = suite.suite) if (suite.name) names.unshift(suite.name)
  return names.join(' > ')
}

function testsOf(task: RunnerTask): RunnerTestCase[] {
  if (task.type === 'test') return [task]
  return 'tasks' in task ? task.tasks.flatMap(testsOf) : []
}

function commandFor(file: string, root: string, test?: string): string {
  const shown = relativePath(root, file)
  const filter = test === undefined ? '' : ` -t ${quote(test.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))}`
  return `CASSETTE_MODE=auto npx vitest run ${shown}${filter}`
}

function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`
}
