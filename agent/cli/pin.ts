import { readFileSync } from 'node:fs'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { isPin, SALT, sealPin } from '../domain/pin.ts'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'

export const pin: Command = {
  name: 'pin',
  usage: 'FILE',
  about: 'seals a PIN of the staff for the site file',
  details: [
    'FILE holds the digits and nothing else; - reads them from standard input. Needs no agent. The line that it prints belongs into the site file, at whoever of the staff it is for.',
  ],
  words: [1, 1],
  examples: ['pawl pin -', 'pawl pin pin.txt'],
  async run(call) {
    const [file = ''] = call.words
    const digits = textOf(file).trim()
    if (!isPin(digits)) throw new Stop('usage', 'A PIN has four to twelve digits and nothing else.')
    const sealed = sealPin(digits, systemEntropy.bytes(SALT))
    call.tell({ pin: sealed })
    call.say(`pin: '${sealed}'`)
    return 'ok'
  },
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    throw new Stop('usage', `${file} cannot be read: name a file with the digits of a PIN.`)
  }
}
