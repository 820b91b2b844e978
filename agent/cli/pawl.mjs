#!/usr/bin/env node
// Starts the command line: from a checkout as it stands, from a package as it was compiled. Plain JavaScript for any Node.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const compiled = here('../../dist/agent/cli/main.js')
const source = here('./main.ts')
const pinned = here('../../node_modules/node/bin/node')
// A checkout may hold what an older one was compiled to.
const entry = existsSync(source) ? source : compiled
const [major] = process.versions.node.split('.')

if (Number(major) >= 24) await import(new URL(`file://${entry}`).href)
else if (existsSync(pinned)) {
  const { status } = spawnSync(pinned, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 70
} else {
  process.stderr.write(`pawl needs Node 24 or newer; this is ${process.versions.node}.\n`)
  process.exitCode = 2
}
