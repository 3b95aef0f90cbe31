import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@playwright/test'
import { withCassette } from 'vitest-cassette/node'
import { createApp } from '../src/server.ts'

test('the app answers', async ({ request }) => {
  await withCassette('planet', async cassette => {
    // Started in here, so that its calls belong to this cassette.
    const server = createApp().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo

    const response = await request.get(`http://127.0.0.1:${port}/?q=Which planet do humans live on?`)

    expect(response.status()).toBe(200)
    expect(await response.text()).toContain('Earth')
    expect(cassette.calls).toHaveLength(1)
    server.close()
  })
})
