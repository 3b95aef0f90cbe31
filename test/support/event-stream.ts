import { readExactly } from './exact-json.ts'

/**
 * A reader of event streams of its own, after the HTML standard and nothing else, so that the tests do not judge the
 * product by itself. It keeps what a browser would throw away: comments, unknown fields, blocks without data.
 */
export interface Block {
  event: string | undefined
  data: string | undefined
  id: string | undefined
  retry: string | undefined
  comments: string[]
  /** Fields that the standard does not know, and values that it tells to ignore. */
  ignored: string[]
  /** Whether an empty line ended it; a browser drops what is not ended. */
  ended: boolean
}

export function readEventStream(text: string): Block[] {
  const blocks: Block[] = []
  let block = emptyBlock()
  let started = false
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const last = lines.pop()
  for (const line of lines) {
    if (line !== '') {
      readLine(block, line)
      started = true
      continue
    }
    if (started) blocks.push({ ...block, ended: true })
    block = emptyBlock()
    started = false
  }
  if (last !== '') readLine(block, `${last}(cut off)`)
  return started || last !== '' ? [...blocks, block] : blocks
}

function emptyBlock(): Block {
  return {
    event: undefined,
    data: undefined,
    id: undefined,
    retry: undefined,
    comments: [],
    ignored: [],
    ended: false,
  }
}

function readLine(block: Block, line: string): void {
  const colon = line.indexOf(':')
  const name = colon === -1 ? line : line.slice(0, colon)
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (colon === 0) block.comments.push(value)
  else if (name === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`
  else if (name === 'event' && block.event === undefined) block.event = value
  else if (name === 'id' && block.id === undefined && !value.includes('\0')) block.id = value
  else if (name === 'retry' && block.retry === undefined && /^\d+$/.test(value)) block.retry = value
  else block.ignored.push(line)
}

/** A block with its data read as JSON, in which white space does not count. */
export function meaning(block: Block): unknown {
  return { ...block, data: block.data === undefined ? undefined : readExactly(block.data) }
}
