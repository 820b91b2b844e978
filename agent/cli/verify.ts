import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readKey } from '../key.ts'
import { type Verdict, verifyFile } from '../store/verify.ts'
import type { Call } from './command.ts'
import { type Exit, Stop } from './exit.ts'

/** Holds the journal of the running agent, or of a file, against its chain and its seal. */
export async function verify(call: Call, file: string | undefined): Promise<Exit> {
  const verdict =
    file === undefined ? (await call.agent().ask({ ask: 'verify' })).verdict : ofFile(call, file)
  if (!verdict) return 'refused'
  call.tell(verdict)
  for (const { seq, says } of verdict.problems) call.say(`row ${seq}: ${says}`)
  const seal = verdict.sealed ? 'sealed by this unit' : 'seal not checked: no key was given'
  call.say(
    verdict.ok
      ? `${verdict.rows} rows, each as it was written (${seal}). Last: ${verdict.head.seq} ${verdict.head.hash.slice(0, 16)}`
      : `${verdict.rows} rows, ${verdict.problems.length} problems (${seal}).`,
  )
  return verdict.ok ? 'ok' : 'no'
}

function ofFile(call: Call, file: string): Verdict {
  if (!existsSync(file)) throw new Stop('usage', `There is no file ${file}.`)
  const beside = join(dirname(file), 'unit.key')
  const key = call.text('key') ?? (existsSync(beside) ? beside : undefined)
  try {
    return verifyFile(file, key === undefined ? undefined : readKey(key))
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    if (/locked/.test(says))
      throw new Stop('usage', `${file} is in use by a running agent: ask it with "pawl journal verify".`)
    throw new Stop('usage', `${says}.`)
  }
}
