import { createRequire } from 'node:module'

/** Packages that cost 2 to 60 ms to load, and that a test file may never need. */
interface Packages {
  zod: typeof import('zod')
  'eventsource-parser': typeof import('eventsource-parser')
  'msw/utils/get-response': typeof import('msw/utils/get-response')
  'msw/utils/bypass': typeof import('msw/utils/bypass')
  '@mswjs/interceptors': typeof import('@mswjs/interceptors')
  '@mswjs/interceptors/http': typeof import('@mswjs/interceptors/http')
}

const require = createRequire(import.meta.url)
const loaded = new Map<keyof Packages, unknown>()

/** Loads a package when it is needed, at once: a cassette is opened, and a socket connects, synchronously. */
export function load<Name extends keyof Packages>(name: Name): Packages[Name] {
  if (!loaded.has(name)) loaded.set(name, require(name))
  return loaded.get(name) as Packages[Name]
}

/**
 * Loads before it is needed what `load` could not load then: in a VM context (`vmThreads`) Vitest can `import` an ES
 * module, but not `require` it.
 *
 * @returns `undefined` where there is nothing to wait for
 */
export function preloadInVmContext(): Promise<void> | undefined {
  return isVmContext() ? preload() : undefined
}

/** Whether this code runs in a VM context of its own (`vmThreads`, `vmForks`). */
export function isVmContext(): boolean {
  // Node's own arrays belong to the main context.
  return Object.getPrototypeOf(process.argv) !== Array.prototype
}

async function preload(): Promise<void> {
  loaded
    .set('msw/utils/get-response', await import('msw/utils/get-response'))
    .set('msw/utils/bypass', await import('msw/utils/bypass'))
    .set('@mswjs/interceptors', await import('@mswjs/interceptors'))
    .set('@mswjs/interceptors/http', await import('@mswjs/interceptors/http'))
}
