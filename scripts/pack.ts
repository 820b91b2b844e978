import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'

// Node strips no types inside node_modules: what is installed must be compiled. Run by `npm pack` and `npm publish`.
rmSync('dist', { recursive: true, force: true })
execFileSync('tsc', ['-p', 'scripts/release.tsconfig.json'], { stdio: 'inherit' })
