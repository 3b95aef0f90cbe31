import { setUpFromPlugin } from './plugin-setup.ts'

// Vitest 4 takes a setup file only from disk, and runs it anew for each test file only where it is not external.
setUpFromPlugin()
