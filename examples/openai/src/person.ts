import OpenAI from 'openai'

const client = new OpenAI()

export interface Person {
  first_name: string
  last_name: string
  year_of_birth: number
}

const schema = {
  type: 'object',
  properties: {
    first_name: { type: 'string', title: 'First Name' },
    last_name: { type: 'string', title: 'Last Name' },
    year_of_birth: { type: 'integer', title: 'Year Of Birth' },
  },
  required: ['first_name', 'last_name', 'year_of_birth'],
}

/** Reads what a text says about a person. */
export async function readPerson(text: string, name: string): Promise<Person | null> {
  const completion = await client.chat.completions.parse({
    model: 'gpt-4o',
    messages: [
      { role: 'system', content: `You are a helpful assistant. ${text}` },
      { role: 'user', content: `Please give me information about ${name}.` },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'AnswerFormat', schema } },
  })
  return (completion.choices[0]?.message.parsed ?? null) as Person | null
}
