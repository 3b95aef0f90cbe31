import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { readPerson } from '../src/person.ts'

const text =
  'Michael Jordan was born in 1963. His first name is "Michael", ' +
  'He played basketball for the Chicago Bulls for 15 seasons and was drafted in 1984'

test('reads names and years', async () => {
  useCassette('michael-jordan')

  expect(await readPerson(text, 'Michael Jordan')).toEqual({
    first_name: 'Michael',
    last_name: 'Jordan',
    year_of_birth: 1963,
  })
})
