import { targetLine } from './request-line.ts'

/**
 * Why a call was refused whose test nobody can tell.
 *
 * @param tests those that run at the time
 */
export function explainStray(
  { method, url }: { method: string; url: string },
  tests: readonly string[],
): string {
  return [
    'An LLM call belongs to no test that could be told, and was refused.',
    '',
    `  request   ${targetLine({ method, url })}`,
    ...whoMayHaveMadeIt(tests).map(line => `  ${line}`),
    '',
    ...(tests.length === 0
      ? ['Wait in the test for the code that makes the call, or stop that code before the test ends.']
      : ['Bind the code that makes the call to the cassette of its test:', '  cassette.run(() => …)']),
  ].join('\n')
}

function whoMayHaveMadeIt(tests: readonly string[]): string[] {
  if (tests.length === 0)
    return [
      'made by   code whose test is over, or that no test has started; no test with a cassette runs now',
    ]
  return [
    'made by   code that runs in the context of no test (a queue, a server, a timer),',
    `          while ${tests.length} tests run that it may belong to: ${tests.map(test => `'${test}'`).join(', ')}`,
  ]
}
