import stringWidth from 'fast-string-width'
import { expect, test } from 'vitest'
import { formatTable } from '../../src/cli/table.ts'
import { formatAge, formatBytes, formatDuration } from '../../src/cli/units.ts'
import { indentAndWrap } from '../../src/cli/wrap.ts'

const columns = [
  { title: 'name', min: 10 },
  { title: 'calls', align: 'right' as const },
  { title: 'model', min: 8 },
]
const rows = [
  ['首都に関する質問と答え', '12', 'llama-3.3-70b-versatile'],
  ['capital-question', '1', 'gpt-4o'],
]

test('a table is as wide as its content, or as the terminal', () => {
  expect(formatTable(columns, rows)).toMatchInlineSnapshot(`
    "name                    calls  model
    首都に関する質問と答え     12  llama-3.3-70b-versatile
    capital-question            1  gpt-4o"
  `)
  expect(formatTable(columns, rows, 40)).toMatchInlineSnapshot(`
    "name                    calls  model
    首都に関する質問と答え     12  llama-3.…
    capital-question            1  gpt-4o"
  `)
  for (const width of [80, 50, 40, 30])
    for (const line of formatTable(columns, rows, width).split('\n'))
      expect(stringWidth(line)).toBeLessThanOrEqual(width)
})

test('long lines break between words, and keep their indent', () => {
  const text = 'one two three four five six\n  - seven eight nine ten eleven\n\nend'
  expect(indentAndWrap(text, '  ', 24)).toBe(
    '  one two three four\n  five six\n    - seven eight nine\n    ten eleven\n\n  end',
  )
  expect(indentAndWrap(text, '  ', undefined)).toBe(
    '  one two three four five six\n    - seven eight nine ten eleven\n\n  end',
  )
})

test('bytes, durations and ages are printed in the unit that fits', () => {
  expect([999, 1200, 3_400_000].map(formatBytes)).toEqual(['999 B', '1.2 kB', '3.4 MB'])
  expect([12.4, 1240].map(formatDuration)).toEqual(['12 ms', '1.2 s'])
  const now = new Date('2026-11-23T12:00:00Z')
  const days = ['2026-11-23', '2026-11-20', '2026-06-01', '2024-01-01', 'some day', undefined]
  expect(days.map(day => formatAge(day, now))).toEqual(['today', '3 d', '5 mo', '2 y', '', ''])
})
