import { readFileSync } from 'node:fs'

/** The version in the package file, which is one folder up from here in a checkout and two in a release. */
export const VERSION: string =
  ['../package.json', '../../package.json'].flatMap(path => {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
        string,
        string
      >
      return name === 'pawl' && version ? [version] : []
    } catch {
      return []
    }
  })[0] ?? 'unknown'
