import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { callEcho } from '../src/echo.ts'

const text = 'Grüße aus 東京, from the "naïve café"!'

test('keeps every character of the text', async () => {
  useCassette('echo')

  expect(await callEcho(text)).toMatchObject([{ name: 'echo', args: { message: text } }])
})
