import { isLlmUrl, isTelemetry, isWarmUpPath } from '../providers.ts'
import type { CassetteOptions } from './options.ts'

/** Whether a request to this URL is a call that a cassette answers. */
export function isLlmCall(url: URL, options: CassetteOptions): boolean {
  if (isExcluded(url, options)) return false
  return isLlmUrl(url) || (options.include ?? []).some(pattern => matches(url, pattern))
}

/** Whether a request asks no model for anything, although it goes to a model's host: telemetry, a connection ahead of a call. */
export function isAside(url: URL): boolean {
  return isTelemetry(url) || isWarmUpPath(url)
}

/** Whether the options say that requests to this URL are none. */
export function isExcluded(url: URL, { exclude = [] }: CassetteOptions): boolean {
  return exclude.some(pattern => matches(url, pattern))
}

/** A string that starts with `/` is part of the path, any other a host; a pattern sees the URL without its query. */
function matches(url: URL, pattern: string | RegExp): boolean {
  if (pattern instanceof RegExp)
    return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(url.origin + url.pathname)
  return pattern.startsWith('/')
    ? url.pathname.includes(pattern)
    : url.host === pattern || url.hostname === pattern
}
