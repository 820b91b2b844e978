import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rules } from './rules.ts'

// The house's own rules, over every file that git knows or would add.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(path => path.endsWith('.ts'))

let broken = 0
for (const path of files) {
  const source = { path, text: readFileSync(path, 'utf8') }
  for (const { name, remedy, breaches } of rules)
    for (const what of breaches(source)) {
      process.stderr.write(`${path}: ${what}\n    ${name}: ${remedy}\n`)
      broken++
    }
}

// A lock file that names a server would make every machine ask that one.
if (/"resolved":/.test(readFileSync('package-lock.json', 'utf8'))) {
  process.stderr.write(
    'package-lock.json names a server: run npm install with the .npmrc of this repository\n',
  )
  broken++
}

process.stdout.write(`${files.length} files, ${rules.length} rules, ${broken} broken\n`)
process.exitCode = broken === 0 ? 0 : 1
