import { syncBuiltinESMExports } from 'node:module'

/**
 * Replaces an export of one of Node's modules, also for those who import it by its name.
 *
 * @returns puts it back, unless somebody has replaced it since then
 */
export function replaceExport<Module extends object, Name extends keyof Module>(
  module: Module,
  name: Name,
  wrap: (original: Module[Name]) => Module[Name],
): () => void {
  const original = module[name]
  const wrapped = (module[name] = wrap(original))
  syncBuiltinESMExports()
  return () => {
    if (module[name] !== wrapped) return
    module[name] = original
    syncBuiltinESMExports()
  }
}
