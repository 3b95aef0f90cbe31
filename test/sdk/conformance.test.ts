import { describe, expect, test } from 'vitest'
import { agents } from './cases/agents.ts'
import { aiSdk } from './cases/ai-sdk.ts'
import { anthropic } from './cases/anthropic.ts'
import { bedrock } from './cases/bedrock.ts'
import { endings } from './cases/endings.ts'
import { google } from './cases/google.ts'
import { openai } from './cases/openai.ts'
import { cerebras, cohere, groq, langchain, mistral, ollama, together } from './cases/others.ts'
import { printPage, type FidelityRow } from './fidelity.ts'
import { nameAndVersion, prove } from './prove.ts'

const cases = [
  ...openai,
  ...anthropic,
  ...google,
  ...aiSdk,
  ...langchain,
  ...groq,
  ...cerebras,
  ...mistral,
  ...ollama,
  ...cohere,
  ...together,
  ...bedrock,
  ...endings,
  ...agents,
]
const rows: FidelityRow[] = []

describe('what an SDK returns is the same live, recorded and replayed', () => {
  test.for(cases.map(given => [title(given), given] as const))('%s', async ([, given]) => {
    rows.push(await prove(given))
  })
})

test('docs/fidelity.md says what this run has seen (`npm run docs:fidelity` writes it)', async () => {
  expect(rows).toHaveLength(cases.length)
  await expect(printPage(rows)).toMatchFileSnapshot('../../docs/fidelity.md')
})

function title({ sdk, call }: (typeof cases)[number]): string {
  return `${sdk.map(nameAndVersion).join(' + ')}: ${call}`
}
