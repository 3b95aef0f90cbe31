/**
 * Replaces an export of one of Node's modules. Those who import it by its name have it only after `syncBuiltinESMExports`.
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
  return () => {
    if (module[name] === wrapped) module[name] = original
  }
}
