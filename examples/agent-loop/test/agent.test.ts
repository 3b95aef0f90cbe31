import { expect, test, vi } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { runAgent } from '../src/agent.ts'

test('looks the boiling point up, and says it', async () => {
  const cassette = useCassette('boiling-point')
  const get_boiling_point = vi.fn(() => -100)

  const answer = await runAgent('What is the boiling point of the liquid polyjuice in celsius?', {
    get_boiling_point,
  })

  expect(get_boiling_point).toHaveBeenCalledExactlyOnceWith({ liquid_name: 'polyjuice', celcius: true })
  expect(answer).toContain('-100')
  expect(cassette.calls).toHaveLength(2)
})
