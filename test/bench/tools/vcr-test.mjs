import { FileStorage, RecordMode, VCR } from 'vcr-test'

async function use(mode, dir, work) {
  const vcr = new VCR(new FileStorage(dir))
  vcr.mode = mode
  const cassette = await vcr.useCassette('talk')
  try {
    return await work({})
  } finally {
    await cassette[Symbol.asyncDispose]()
  }
}

export default {
  name: 'vcr-test 1.4',
  // Each recording answers once.
  once: true,
  replay: (dir, _, work) => use(RecordMode?.none ?? 'none', dir, work),
  record: (dir, _, work) => use(RecordMode?.all ?? 'all', dir, work),
}
