/** `1.2 kB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** `212 ms`, `1.2 s` */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** `2 tests` */
export function formatCount(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

const day = 24 * 60 * 60 * 1000

/** How long ago a day was: `today`, `3 d`, `5 mo`, `2 y`. */
export function formatAge(date: string | undefined, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(date ?? '')) / day)
  if (Number.isNaN(days)) return ''
  if (days < 1) return 'today'
  if (days < 60) return `${days} d`
  return days < 730 ? `${Math.floor(days / 30)} mo` : `${Math.floor(days / 365)} y`
}
