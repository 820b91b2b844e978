import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { crossCheck } from './cross-check.ts'
import { type Complain, nearest, type Path, type Problem, type SiteCheck } from './problem.ts'
import { type Site, SiteConfig } from './site.ts'

export type Loaded = { ok: true; site: Site } | { ok: false; problems: Problem[] }

const LARGEST = 1 << 20

/** Reads a site file. Names every problem at once, each with its line and what to do. */
export function readSite(text: string, checks: SiteCheck[] = []): Loaded {
  const problems: Problem[] = []
  if (text.length > LARGEST)
    return {
      ok: false,
      problems: [
        {
          path: '',
          line: 1,
          says: 'the file is larger than 1 MiB',
          remedy: 'A site file is a few hundred lines',
        },
      ],
    }
  const counter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: counter,
    uniqueKeys: true,
    merge: false,
    logLevel: 'error',
  })
  for (const { message, pos } of document.errors)
    problems.push({
      path: '',
      line: counter.linePos(pos[0]).line,
      says: message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message,
      remedy: 'Mend the YAML',
    })
  if (problems.length > 0) return { ok: false, problems }

  const draft = plain(document)
  if (draft === TOO_MANY_ALIASES)
    return {
      ok: false,
      problems: [
        {
          path: '',
          line: 1,
          says: 'its aliases (*name) repeat more than a site file may hold',
          remedy: 'Write repeated parts out',
        },
      ],
    }
  const complain: Complain = (path, says, remedy) =>
    void problems.push({ path: say(path), line: lineOf(document, counter, path), says, remedy })
  const parsed = SiteConfig.safeParse(draft, { reportInput: true })
  for (const issue of parsed.error?.issues ?? []) complainOf(issue, complain)
  for (const check of [crossCheck, ...checks]) check(draft, complain)
  if (parsed.success && problems.length === 0) return { ok: true, site: parsed.data }
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line) }
}

const TOO_MANY_ALIASES = Symbol('too many aliases')

/** A few lines of anchors can stand for gigabytes: the library stops counting, and so do we. */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    return TOO_MANY_ALIASES
  }
}

/** Says one of zod's complaints the way the house does. `base` is where its paths begin. */
export function complainOf(issue: z.core.$ZodIssue, complain: Complain, base: Path = []): void {
  const path = [...base, ...issue.path.map(step => (typeof step === 'symbol' ? String(step) : step))]
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        const meant = nearest(key, knownKeys)
        complain(
          [...path, key],
          `unknown setting "${key}"`,
          meant ? `Did you mean "${meant}"?` : 'Take it out',
        )
      }
      return
    case 'invalid_type':
      if (issue.input === undefined) complain(path, 'is missing', `Give it ${article(issue.expected)}`)
      else complain(path, `is ${show(issue.input)}`, `Give it ${article(issue.expected)}`)
      return
    case 'invalid_value': {
      const values = issue.values.map(String)
      const meant = typeof issue.input === 'string' ? nearest(issue.input, values) : undefined
      const choice = `Choose ${values.join(', ')}`
      complain(
        path,
        issue.input === undefined ? 'is missing' : `is ${show(issue.input)}`,
        meant ? `Did you mean "${meant}"? ${choice}` : choice,
      )
      return
    }
    case 'too_small':
      complain(path, `is ${show(issue.input)}`, `Give it ${issue.minimum} or more`)
      return
    case 'too_big':
      complain(path, `is ${show(issue.input)}`, `Give it ${issue.maximum} or less`)
      return
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      complain(path, `is ${show(issue.input)}`, `It must be right: ${issue.message}`)
  }
}

const knownKeys = [
  ...Object.keys(SiteConfig.shape),
  'name',
  'serial',
  'tcp',
  'echo',
  'path',
  'baud',
  'data_bits',
  'parity',
  'stop_bits',
  'host',
  'port',
  'line',
  'driver',
  'options',
  'size',
  'height_mm',
  'device',
  'channel',
  'sensor',
  'broker',
  'username',
  'password_file',
  'ca_file',
  'cert_file',
  'key_file',
  'topic_root',
  'address',
  'channels',
  'poll_ms',
  'stale_ms',
  'suffix',
  'silence_ms',
  ...Object.keys(SiteConfig.shape.policy.unwrap().shape),
]

const article = (kind: string): string => {
  const words: Record<string, string> = {
    string: 'some text',
    number: 'a number',
    int: 'a whole number',
    array: 'a list',
    object: 'settings of its own',
    boolean: 'true or false',
    record: 'settings of its own',
  }
  return words[kind] ?? kind
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const say = (path: Path): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )

/** The line of a path, or of the nearest thing around it that is there. */
function lineOf(document: Document, counter: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line
  }
  return 1
}
