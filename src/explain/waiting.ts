/**
 * Why the LLM calls of a process were refused for which the thread of the test waits.
 *
 * @param requests such as `OpenAI POST /v1/chat/completions`
 */
export function explainWaiting(requests: readonly string[]): string {
  return [
    'An LLM call of a child process was refused: nobody could answer it.',
    '',
    ...requests.map(request => `  request   ${request}`),
    '  made by   a process that was started with spawnSync, execSync or execFileSync. The thread of the test waits for',
    '            its end, and answers no calls meanwhile.',
    '',
    'Start the process with spawn, exec or execFile of node:child_process, and await its end.',
  ].join('\n')
}
