import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file that is written by a script and committed, so that people and editors need not run the script. */
export interface Generated {
  /** From the top of the repository. */
  file: string
  /** The npm script that writes it. */
  script: string
  value: unknown
}

/** Writes the file; with `--check` only says whether it is current. Returns the exit code. */
export function keepCurrent(generated: Generated, [flag]: string[], say: (line: string) => void): 0 | 1 | 2 {
  const { file, script } = generated
  if (flag !== undefined && flag !== '--check') {
    say(`npm run ${script} writes ${file}; npm run ${script} -- --check only says whether it is current`)
    return 2
  }
  const current = isCurrent(generated)
  if (flag === '--check' && !current) {
    say(`${file} is not what npm run ${script} makes of the code: run it and commit the file`)
    return 1
  }
  if (!current) writeFileSync(pathOf(generated), textOf(generated))
  say(`${file} is current`)
  return 0
}

/** Whether what is committed is what the code would write. */
export function isCurrent(generated: Generated): boolean {
  try {
    return readFileSync(pathOf(generated), 'utf8') === textOf(generated)
  } catch {
    return false
  }
}

const textOf = ({ value }: Generated): string => `${JSON.stringify(value, null, 2)}\n`
const pathOf = ({ file }: Generated): string => join(import.meta.dirname, '..', file)
