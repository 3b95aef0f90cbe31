import { withCassette } from 'vitest-cassette/node'

export default {
  replay: (dir, { repeat }, work) => withCassette('talk', () => work({}), { dir, mode: 'replay', repeat }),
  record: (dir, _, work) => withCassette('talk', () => work({}), { dir, mode: 'record' }),
}
