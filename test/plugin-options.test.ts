import { expect, test } from 'vitest'
import { cassettes, type PluginOptions } from 'vitest-cassette/plugin'

test.each([
  { options: { folder: 'tapes' }, named: 'folder' },
  { options: { mode: 'playback' }, named: 'mode' },
  { options: { match: { ignored: [] } }, named: 'match' },
  { options: { unused: 'error' }, named: 'unused', expected: "'warn', 'fail' or 'ignore', found \"error\"" },
  { options: { maxAge: '3 months' }, named: 'maxAge', expected: '90d or 12w, found "3 months"' },
  { options: { maxAge: '90' }, named: 'maxAge' },
  { options: { redact: { custom: String } }, named: 'redact.custom', expected: 'setupCassettes(' },
])('the plugin refuses $options and names the option', ({ options, named, expected = named }) => {
  const message = new RegExp(`^Bad option of cassettes\\(\\):[^]*\\b${named}\\b`)
  const givePlugin = () => cassettes(options as PluginOptions)
  expect(givePlugin).toThrow(expect.objectContaining({ name: 'CassetteError', code: 'bad-option' }))
  expect(givePlugin).toThrow(message)
  expect(givePlugin).toThrow(expected)
})

test('the plugin accepts its own options, and none at all', () => {
  const options: PluginOptions[] = [
    {},
    { unused: 'fail', maxAge: '12w' },
    { unused: 'ignore', maxAge: '90d' },
  ]
  for (const given of options) expect(cassettes(given).name).toBe('vitest-cassette')
})
