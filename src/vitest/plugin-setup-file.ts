import { setUpFromPlugin } from './plugin-setup.ts'

// For workers that run one test file. In Vitest 4, which knows no virtual setup files, it is inlined, and so runs anew for
// each file of a shared worker as well.
setUpFromPlugin()
