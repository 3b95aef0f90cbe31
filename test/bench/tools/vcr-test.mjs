import { FileStorage, VCR } from 'vcr-test'

async function withTape(dir, mode, work) {
  const vcr = new VCR(new FileStorage(dir))
  vcr.mode = mode
  let result
  await vcr.useCassette('talk', async () => {
    result = await work({})
  })
  return result
}

export default {
  // Each recording answers one call.
  once: true,
  replay: (dir, _, work) => withTape(dir, 'none', work),
  record: (dir, _, work) => withTape(dir, 'all', work),
}
