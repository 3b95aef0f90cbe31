import { withCassette } from 'vitest-cassette/node'
import { ask, clientOf } from './talk.mjs'
const m = n => {
  gc()
  gc()
  const u = process.memoryUsage()
  console.log(
    n,
    'rss',
    (u.rss / 2 ** 20).toFixed(0),
    'heap',
    (u.heapUsed / 2 ** 20).toFixed(0),
    'total',
    (u.heapTotal / 2 ** 20).toFixed(0),
    'ext',
    (u.external / 2 ** 20).toFixed(0),
  )
}
await withCassette(
  'talk',
  async () => {
    const c = await clientOf({})
    for (let i = 0; i < 40; i++) await ask(c, 0)
  },
  { dir: '/tmp/rec-cassette', mode: 'replay', repeat: true },
)
m('start')
await withCassette(
  'talk',
  async () => {
    m('loaded')
    const c = await clientOf({})
    await ask(c, 1, { size: 1000 })
    m('one')
    for (let i = 2; i < 202; i++) await ask(c, (i * 7) % 10000, { size: 1000 })
    m('202')
    await new Promise(r => setTimeout(r, 200))
    m('later')
  },
  { dir: '/tmp/rec10k', mode: 'replay' },
)
m('end')
