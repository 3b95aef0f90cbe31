import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { plan } from '../src/weather.ts'

test('asks for the weather in the right city', async () => {
  useCassette('weather')

  const calls = await plan("What's the weather in San Francisco?")

  expect(calls).toMatchObject([{ name: 'get_weather', args: { location: 'San Francisco' } }])
})
