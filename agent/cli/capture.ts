import { writeFileSync } from 'node:fs'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'

export const capture: Command = {
  name: 'capture',
  usage: 'LINE [--out FILE]',
  about: 'what passed on a line of late, as bytes that people can read',
  details: [
    'The running agent keeps the last 16 kB of each line, and writes them into the folder captures of its data by itself when',
    'a device goes offline. Of lines with scanners, badge readers, keypads and printers only lengths are kept.',
    'The simulator plays such a file as a device: npm run replay -- FILE.',
  ],
  options: { out: { type: 'string' } },
  optionHelp: { out: 'a new file to write it to' },
  words: [1, 1],
  examples: ['pawl capture indoors', 'pawl capture indoors --out field-problem.txt'],
  async run(call) {
    const [line = ''] = call.words
    const { capture: text } = await call.agent().ask({ ask: 'capture', line })
    if (text === undefined) return 'refused'
    const out = call.text('out')
    if (out === undefined) {
      call.tell({ line, capture: text })
      for (const row of text.trimEnd().split('\n')) call.say(row)
      return 'ok'
    }
    try {
      writeFileSync(out, text, { flag: 'wx', mode: 0o600 })
    } catch {
      throw new Stop('usage', `${out} cannot be written: name a file that is not there yet.`)
    }
    call.tell({ line, file: out })
    call.say(`${out} is written.`)
    return 'ok'
  },
}
