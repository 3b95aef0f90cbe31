import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, expect } from 'vitest'

/** The tests of this file may open no connection at all. */
export function allowNoSockets(): void {
  const sockets: unknown[] = []
  const note = (message: unknown) => sockets.push(message)
  beforeAll(() => subscribe('net.client.socket', note))
  afterAll(() => {
    unsubscribe('net.client.socket', note)
    expect(sockets).toEqual([])
  })
}
