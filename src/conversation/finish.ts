/** OpenAI's words for why an answer ended, each with the words that other APIs have for it. */
const words: Record<string, string[]> = {
  stop: ['end_turn', 'stop_sequence', 'complete', 'completed', 'eos_token'],
  length: [
    'max_tokens',
    'max_output_tokens',
    'model_length',
    'model_context_window_exceeded',
    'context_length_exceeded',
  ],
  tool_calls: ['tool_use', 'tool_call', 'function_call', 'requires_action'],
  content_filter: [
    'content_filtered',
    'refusal',
    'guardrail_intervened',
    'safety',
    'recitation',
    'blocklist',
    'prohibited_content',
    'spii',
  ],
  error: ['failed'],
}

const known = new Map(Object.entries(words).flatMap(([word, others]) => others.map(other => [other, word])))

/** Why an answer ended, in OpenAI's word for it; a word that is not known stays as it is. */
export function finishReasonOf(word: unknown): string | undefined {
  if (typeof word !== 'string' || word === '') return undefined
  const lower = word.toLowerCase()
  return known.get(lower) ?? (lower in words ? lower : word)
}
