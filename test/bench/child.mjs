// One measurement in a process of its own: node child.mjs <measure> <tool> <options as JSON>
const [measure, tool, options = '{}'] = process.argv.slice(2)
const { default: run } = await import(`./measures/${measure}.mjs`)
const result = await run((await import(`./tools/${tool}.mjs`)).default, JSON.parse(options))
process.stdout.write(`\n@@${JSON.stringify(result)}\n`, () => process.exit(0))
