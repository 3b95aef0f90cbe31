import nock from 'nock'
import { baseURL, eventsOf, headers } from '../talk.mjs'

export default {
  name: 'nock 15, one interceptor with the answer in it',
  static: true,
  async replay(_, { chunks }, work) {
    const { origin } = new URL(baseURL)
    nock(origin).persist().post('/v1/chat/completions').reply(200, eventsOf(0, chunks).join(''), headers)
    try {
      return await work({})
    } finally {
      nock.cleanAll()
      nock.restore()
    }
  },
}
