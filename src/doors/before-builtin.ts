import module from 'node:module'

interface Builtins {
  http2: typeof import('node:http2')
  child_process: typeof import('node:child_process')
  worker_threads: typeof import('node:worker_threads')
}
type Name = keyof Builtins

/** Which entry of the list of what Node has loaded says that the module is there. */
const listedAs: Record<Name, string> = {
  // Other modules load `http2` in part.
  http2: 'internal/http2/core',
  child_process: 'child_process',
  worker_threads: 'worker_threads',
}

/** The modules with which one of them comes. */
const comesWith: Record<Name, readonly string[]> = {
  http2: ['http2'],
  child_process: ['child_process', 'cluster'],
  worker_threads: ['worker_threads'],
}

/**
 * Does this work before anybody outside of Node has one of its modules in his hands: once it is loaded, its functions can
 * be taken along by their names. To load one takes up to 15 ms of each test file's time, so it is not done here unless
 * there is no other way.
 *
 * @returns waits no longer
 */
export function beforeBuiltin<N extends Name>(name: N, work: (builtin: Builtins[N]) => void): () => void {
  const getBuiltin = process.getBuiltinModule
  let done = false
  const doIt = (): void => {
    if (done) return
    done = true
    work(getBuiltin(name) as Builtins[N])
  }
  const isMeant = (specifier: string): boolean => comesWith[name].includes(specifier.replace(/^node:/, ''))
  const hooks = isLoaded(name)
    ? undefined
    : watchImports(specifier => {
        if (isMeant(specifier)) doIt()
      })
  if (!hooks) {
    doIt()
    return () => {}
  }
  const watching = ((id: string) => {
    if (isMeant(id)) doIt()
    return getBuiltin(id)
  }) as typeof getBuiltin
  process.getBuiltinModule = watching
  return () => {
    done = true
    hooks.deregister()
    if (process.getBuiltinModule === watching) process.getBuiltinModule = getBuiltin
  }
}

/** What Node itself has loaded; `true` where it does not say. */
function isLoaded(name: Name): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] }
  return moduleLoadList?.includes(`NativeModule ${listedAs[name]}`) ?? true
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
