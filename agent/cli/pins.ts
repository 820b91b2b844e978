import { execFileSync } from 'node:child_process'
import { readSync } from 'node:fs'
import { isatty } from 'node:tty'
import { Stop } from './exit.ts'

const STDIN = 0

/**
 * Asks each of these people for their PIN: without echo at a terminal, a line each where something else is standard input.
 * Never taken from an argument, where anybody at the machine could read it.
 */
export function askPins(
  names: readonly string[],
  prompt: (text: string) => void,
): { name: string; pin: string }[] {
  const terminal = names.length > 0 && isatty(STDIN)
  if (terminal) echo(false)
  try {
    return names.map(name => {
      if (terminal) prompt(`PIN of ${name}: `)
      const pin = readLine()
      if (terminal) prompt('\n')
      return { name, pin }
    })
  } finally {
    if (terminal) echo(true)
  }
}

const echo = (on: boolean): void => {
  execFileSync('stty', [on ? 'echo' : '-echo'], { stdio: ['inherit', 'ignore', 'ignore'] })
}

/** One line, byte by byte, so that the next one is left for whom it is for. */
function readLine(): string {
  const byte = Buffer.alloc(1)
  let text = ''
  while (text.length < 64) {
    if (readByte(byte) === 0 || byte[0] === 0x0a) return text.trim()
    text += byte.toString('latin1')
  }
  throw new Stop('usage', 'A PIN has four to twelve digits and nothing else.')
}

function readByte(into: Buffer): number {
  try {
    return readSync(STDIN, into, 0, 1, null)
  } catch {
    throw new Stop('usage', 'The PIN could not be read: type it, or give one a line on standard input.')
  }
}
