import { GoogleGenAI, type GenerateContentResponse } from '@google/genai'
import { firstEvent, made, wire } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const sdk = ['@google/genai']
const question = { model: 'gemini-3-flash-preview', contents: 'What is the weather in San Francisco today?' }
const models = (origin: string) =>
  new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: origin } }).models

/** Without the HTTP headers, whose date changes. */
const seen = ({ sdkHttpResponse: _headers, ...response }: GenerateContentResponse) => response

export const google: SdkCase[] = [
  {
    sdk,
    call: 'models.generateContent',
    plays: [firstEvent('aiplatform.googleapis.com__models__200__01.sse')],
    run: async origin => {
      const response = await models(origin).generateContent(question)
      return { ...seen(response), text: response.text }
    },
    shows: '"text":"OK"',
  },
  {
    sdk,
    call: 'models.generateContentStream',
    plays: [wire('generativelanguage.googleapis.com__models__200__01.sse')],
    run: async origin => collect(await models(origin).generateContentStream(question), seen),
    shows: '"candidates":',
  },
  {
    sdk,
    call: 'models.generateContentStream, function call',
    plays: [wire('gemini__models__200__01.sse')],
    run: async origin =>
      collect(await models(origin).generateContentStream(question), response => response.functionCalls),
    shows: 'Grüße aus 東京',
  },
  {
    sdk,
    call: 'models.embedContent',
    plays: [made({ embeddings: [{ values: [0.25, -0.5, 1e-7] }] })],
    run: async origin => {
      const { embeddings } = await models(origin).embedContent({
        model: 'gemini-embedding-001',
        contents: 'Hi',
      })
      return embeddings
    },
    shows: '-0.5',
  },
  {
    sdk,
    call: 'models.generateContent, HTTP 400',
    plays: [wire('aiplatform.googleapis.com__models__400__01.json')],
    run: origin => models(origin).generateContent(question),
    shows: '"threw":"ApiError"',
  },
]
