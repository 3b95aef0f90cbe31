import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, expect } from 'vitest'

/** Notes every socket that a client opens. */
export function watchSockets(): { stop: () => unknown[] } {
  const sockets: unknown[] = []
  const note = (message: unknown) => sockets.push(message)
  subscribe('net.client.socket', note)
  return {
    stop: () => {
      unsubscribe('net.client.socket', note)
      return sockets
    },
  }
}

/** The tests of this suite may open no connection at all. */
export function allowNoSockets(): void {
  let watch: ReturnType<typeof watchSockets>
  beforeAll(() => {
    watch = watchSockets()
  })
  afterAll(() => expect(watch.stop()).toEqual([]))
}
