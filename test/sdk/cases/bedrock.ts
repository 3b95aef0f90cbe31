import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { converseStream, made, wire } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const sdk = ['@aws-sdk/client-bedrock-runtime']
const nova = 'bedrock-runtime.us-east-2.amazonaws.com__invoke-with-response__200__01.eventstream.bin'
const modelId = 'us.amazon.nova-lite-v1:0'
const messages = [{ role: 'user' as const, content: [{ text: 'Tell me' }] }]

const client = (origin: string) =>
  new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: origin,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  })

const converse = async (origin: string) => {
  const { $metadata: metadata, ...answer } = await client(origin).send(
    new ConverseCommand({ modelId, messages }),
  )
  return { ...answer, status: metadata.httpStatusCode, requestId: metadata.requestId }
}

export const bedrock: SdkCase[] = [
  {
    sdk,
    call: 'Converse (HTTP/1.1)',
    plays: [
      made({
        output: { message: { role: 'assistant', content: [{ text: 'Hello there' }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 4, outputTokens: 2, totalTokens: 6 },
        metrics: { latencyMs: 210 },
      }),
    ],
    run: converse,
    shows: 'Hello there',
  },
  {
    sdk,
    call: 'ConverseStream (HTTP/1.1)',
    plays: [converseStream(nova)],
    run: async origin => {
      const { stream } = await client(origin).send(new ConverseStreamCommand({ modelId, messages }))
      return collect(stream!)
    },
    shows: 'messageStop',
  },
  {
    sdk,
    call: 'InvokeModelWithResponseStream (HTTP/1.1)',
    plays: [wire(nova)],
    run: async origin => {
      const command = new InvokeModelWithResponseStreamCommand({
        modelId,
        body: JSON.stringify({ messages }),
      })
      const { body } = await client(origin).send(command)
      return collect(body!, ({ chunk }) => Buffer.from(chunk!.bytes!).toString())
    },
    shows: 'messageStop',
  },
  {
    sdk,
    call: 'Converse, HTTP 400',
    plays: [
      {
        ...wire('bedrock__converse__400__01.json'),
        headers: { 'x-amzn-errortype': 'ValidationException:http://internal' },
      },
    ],
    run: converse,
    shows: '"threw":"ValidationException"',
  },
  {
    sdk,
    call: 'Converse, HTTP 404',
    plays: [
      {
        ...wire('bedrock__converse__404__01.json'),
        headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
      },
    ],
    run: converse,
    shows: '"threw":"ResourceNotFoundException"',
  },
]
