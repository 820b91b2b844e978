import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { complainOf } from './complaint.ts'
import { crossCheck } from './cross-check.ts'
import type { Complain, Path, Problem, SiteCheck } from './problem.ts'
import { type Site, SiteConfig } from './site.ts'

export type Loaded = { ok: true; site: Site } | { ok: false; problems: Problem[] }
type Read<Value> = { ok: true; value: Value } | { ok: false; problems: Problem[] }

/** A kind of file that people write. */
export interface Kind<Value> {
  schema: z.ZodType<Value>
  /** What no single setting can get wrong. */
  checks: SiteCheck[]
  complainOf(issue: z.core.$ZodIssue, complain: Complain): void
  /** Such as "A site file". */
  name: string
  /** How long and how deep one is. */
  usually: { long: string; deep: string }
  largest: number
  examples: string
}

const siteFile: Kind<Site> = {
  schema: SiteConfig,
  checks: [crossCheck],
  complainOf: (issue, complain) => complainOf(issue, SiteConfig, complain),
  name: 'A site file',
  usually: { long: 'a few hundred lines', deep: 'five levels deep' },
  // Five times what five hundred compartments take.
  largest: 256 * 1024,
  examples: 'config/sites',
}

/** More than anybody mends before trying again. */
const MOST_PROBLEMS = 200
const MOST_ALIASES = 100

/** Reads a site file. Names every problem at once, line by line, each with what to do. Never throws, whatever the text. */
export function readSite(text: string, checks: SiteCheck[] = []): Loaded {
  const read = readYaml(text, { ...siteFile, checks: [...siteFile.checks, ...checks] })
  return read.ok ? { ok: true, site: read.value } : read
}

/** The same for any kind of file. */
export function readYaml<Value>(text: string, kind: Kind<Value>): Read<Value> {
  const { largest, name, usually } = kind
  if (text.length > largest)
    return refused(`the file is larger than ${largest / 1024} KiB`, `${name} is ${usually.long}`)
  const tooDeep = refused('it is nested too deeply to read', `${name} is ${usually.deep}`)
  try {
    return read(text, kind) ?? tooDeep
  } catch (error) {
    if (error instanceof RangeError) return tooDeep
    throw error
  }
}

/** Undefined where the library gives up on its depth. */
function read<Value>(text: string, kind: Kind<Value>): Read<Value> | undefined {
  const counter = new LineCounter()
  // What is there twice is found below: the library would take time with the square of the number of keys.
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false, logLevel: 'error' })
  const mistakes = [...document.errors, ...document.warnings]
  if (mistakes.some(({ message }) => /\bstack\b/i.test(message))) return undefined
  if (mistakes.length > 0)
    return listed(
      mistakes.map(({ code, message, pos: [at] }) => {
        const says = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message
        return { path: '', line: counter.linePos(at).line, says, remedy: MEND[code] ?? MEND_YAML }
      }),
    )
  if (document.contents === null)
    return refused('the file says nothing', `Begin with a copy of an example from ${kind.examples}`)

  const problems: Problem[] = []
  const complain: Complain = (path, says, remedy) => {
    if (problems.length > MOST_PROBLEMS) return
    problems.push({ path: say(path), line: lineOf(document, counter, path), says, remedy })
  }
  const draft = plain(document, complain)
  if (draft === UNREADABLE) return listed(problems)
  const parsed = kind.schema.safeParse(draft, { reportInput: true })
  for (const issue of parsed.error?.issues.slice(0, MOST_PROBLEMS) ?? []) kind.complainOf(issue, complain)
  for (const check of kind.checks) check(draft, complain)
  return parsed.success && problems.length === 0 ? { ok: true, value: parsed.data } : listed(problems)
}

const refused = (says: string, remedy: string) => ({
  ok: false as const,
  problems: [{ path: '', line: 1, says, remedy }],
})

/** Line by line, and not without end. */
function listed(problems: Problem[]): { ok: false; problems: Problem[] } {
  const shown = problems.slice(0, MOST_PROBLEMS).sort((a, b) => a.line - b.line)
  const last = shown.at(-1)
  if (last && problems.length > shown.length)
    shown.push({
      path: '',
      line: last.line,
      says: 'there are more problems than these',
      remedy: 'Mend these first',
    })
  return { ok: false, problems: shown }
}

const MEND_YAML = 'Mend the YAML: an editor that knows it shows where'
/** For what people get wrong most. */
const MEND: Partial<Record<Document['errors'][number]['code'], string>> = {
  TAB_AS_INDENT: 'Indent with spaces',
  BAD_INDENT: 'Begin what belongs together in the same column',
  MULTIPLE_DOCS: 'One file is one thing: take out the line ---',
  TAG_RESOLVE_FAILED: 'Take out what begins with !, or put the text in quotes',
}

const UNREADABLE = Symbol('unreadable')

/** What the document says as plain values, with a complaint for each key that is there twice and each alias gone wrong. */
function plain(document: Document, complain: Complain): unknown {
  const aliases: { path: Path; name: string; known: boolean }[] = []
  walk(document.contents, [], (node, path) => {
    if (isAlias(node) && aliases.length <= MOST_ALIASES)
      aliases.push({ path, name: node.source, known: node.resolve(document) !== undefined })
    if (isMap(node))
      for (const key of twice(node.items.map(pair => keyOf(pair.key))))
        complain([...path, key], 'is there twice', 'Keep one of the two')
  })
  const lost = aliases.filter(({ known }) => !known)
  for (const { path, name } of lost)
    complain(
      path,
      `nothing is named &${name}`,
      `Write &${name} before what *${name} repeats, or write it out`,
    )
  if (lost.length > 0) return UNREADABLE
  try {
    if (aliases.length <= MOST_ALIASES) return document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    // A few lines of aliases can stand for gigabytes: the library stops counting there, and so do we.
    if (!(error instanceof ReferenceError)) throw error
  }
  const [first] = aliases
  complain(first?.path ?? [], 'aliases (*name) repeat more than a file may hold', 'Write repeated parts out')
  return UNREADABLE
}

/** Every node with where it is. */
function walk(node: unknown, path: Path, look: (node: unknown, path: Path) => void): void {
  look(node, path)
  if (isSeq(node)) for (const [index, item] of node.items.entries()) walk(item, [...path, index], look)
  if (isMap(node)) for (const { key, value } of node.items) walk(value, [...path, keyOf(key)], look)
}

function twice(keys: string[]): Set<string> {
  const seen = new Set<string>()
  return new Set(keys.filter(key => seen.has(key) || !seen.add(key)))
}

const keyOf = (key: unknown): string => String(isScalar(key) ? key.value : key)

const say = (path: Path): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )

/** The line where a setting is named, or of the nearest thing around it that is there. */
function lineOf(document: Document, counter: LineCounter, path: Path): number {
  let node: unknown = document.contents
  let at = startOf(node) ?? 0
  for (const step of path) {
    const pair = isMap(node) ? node.items.findLast(({ key }) => keyOf(key) === String(step)) : undefined
    const next = isSeq(node) ? node.items[Number(step)] : pair?.value
    at = startOf(pair?.key ?? next) ?? at
    node = next
  }
  return counter.linePos(at).line
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)
