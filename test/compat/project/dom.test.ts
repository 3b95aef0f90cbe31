import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'

// Clients of most providers refuse to run where there is a `window`; the app's own `fetch` does not.
test('replay: fetch in a simulated browser', async () => {
  expect('window' in globalThis).toBe(true)
  const cassette = useCassette('capital-question', { mode: 'replay' })
  const response = await fetch('https://api.cerebras.ai/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({
      model: 'llama-3.3-70b',
      messages: [{ role: 'user', content: 'What is the name of the US captial?' }],
      stream: true,
    }),
  })
  expect(await response.text()).toContain('Washington')
  expect(cassette.calls).toHaveLength(1)
})
