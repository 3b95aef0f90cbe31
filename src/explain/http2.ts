import { providerOf } from '../providers.ts'
import { contextLines, type MissContext } from './miss.ts'

/**
 * Why a call over HTTP/2 failed, and how its client is told to speak HTTP/1.1.
 *
 * @param context of the test that makes the call; a process that a test has started does not know it
 */
export function explainHttp2(url: URL, context?: MissContext): string {
  const provider = providerOf(url)
  const fix = provider?.http1
    ? [
        'Give the client a handler that speaks HTTP/1.1:',
        ...provider.http1.split('\n').map(line => `  ${line}`),
      ]
    : ['Make its client speak HTTP/1.1, or take the host out with the option `exclude`.']
  return [
    'An LLM call goes over HTTP/2, which can be neither recorded nor replayed.',
    '',
    ...(context ? [...contextLines(context), ''] : []),
    `  request   ${provider?.name ?? url.host} ${url.href}`,
    '',
    ...fix,
  ].join('\n')
}
