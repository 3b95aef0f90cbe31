import module from 'node:module'

type Http2 = typeof import('node:http2')

/**
 * Does this work before anybody outside of Node has HTTP/2 in his hands: once it is loaded, `connect` can be taken along
 * by its name. To load it takes 15 ms of each test file's time, so it is not done here unless there is no other way.
 *
 * @returns waits no longer
 */
export function beforeHttp2(work: (http2: Http2) => void): () => void {
  const getBuiltin = process.getBuiltinModule
  let done = false
  const doIt = (): void => {
    if (done) return
    done = true
    work(getBuiltin('node:http2'))
  }
  const hooks = isLoaded()
    ? undefined
    : watchImports(specifier => {
        if (isHttp2(specifier)) doIt()
      })
  if (!hooks) {
    doIt()
    return () => {}
  }
  const watching = ((id: string) => {
    if (isHttp2(id)) doIt()
    return getBuiltin(id)
  }) as typeof getBuiltin
  process.getBuiltinModule = watching
  return () => {
    done = true
    hooks.deregister()
    if (process.getBuiltinModule === watching) process.getBuiltinModule = getBuiltin
  }
}

function isHttp2(specifier: string): boolean {
  return specifier === 'node:http2' || specifier === 'http2'
}

/** What Node itself has loaded; `true` where it does not say. */
function isLoaded(): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] }
  return moduleLoadList?.includes('NativeModule internal/http2/core') ?? true
}

/** Node has this since 22.15. In a VM context Vitest puts a function there that throws. */
function watchImports(see: (specifier: string) => void): { deregister(): void } | undefined {
  try {
    return module.registerHooks({
      resolve(specifier, context, next) {
        see(specifier)
        return next(specifier, context)
      },
    })
  } catch {
    return undefined
  }
}
