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
import type { SdkCase } from './sdk-case.ts'

const cases: SdkCase[] = [
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
const proofs = new Map<SdkCase, Promise<FidelityRow>>()

describe('an SDK returns the same live, recorded and replayed', () => {
  test.for(cases.map(given => [title(given), given] as const))('%s', async ([, given]) => {
    await proveOnce(given)
  })
})

test('docs/fidelity.md lists each call with the outcome of this run (`npm run docs:fidelity` writes it)', async () => {
  const rows: FidelityRow[] = []
  for (const given of cases) rows.push(await proveOnce(given))
  await expect(printPage(rows)).toMatchFileSnapshot('../../docs/fidelity.md')
})

/** The test of a call and the test of the page both need its proof, in whatever order they run. */
function proveOnce(given: SdkCase): Promise<FidelityRow> {
  const proof = proofs.get(given) ?? prove(given)
  proofs.set(given, proof)
  return proof
}

function title({ sdk, call }: SdkCase): string {
  return `${sdk.map(nameAndVersion).join(' + ')}: ${call}`
}
