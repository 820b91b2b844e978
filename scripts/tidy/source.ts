import { posix } from 'node:path'

/** One file of the house, as a rule looks at it. */
export interface Source {
  /** From the top of the repository, with slashes. */
  path: string
  text: string
}

/** What a file imports: a path from the top of the repository, or a package's name. */
export function importsOf({ path, text }: Source): { ours: string[]; packages: string[] } {
  const found = [...code(text).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name)
  return {
    ours: found.filter(name => name.startsWith('.')).map(name => posix.join(posix.dirname(path), name)),
    packages: found.filter(name => !name.startsWith('.') && !name.startsWith('node:')).map(packageName),
  }
}

const packageName = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

/** The text without its comments. */
export const code = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

export const isTest = (path: string): boolean => /\.test\.ts$/.test(path)
