import { type ParseArgsConfig, parseArgs } from 'node:util'

type Values<Config extends ParseArgsConfig> = ReturnType<typeof parseArgs<Config>>['values']

/** The arguments of a command as its options say, or one sentence for whoever mistyped them. */
export function readArguments<const Config extends ParseArgsConfig>(
  config: Config,
): { values: Values<Config>; words: string[] } | { mistake: string } {
  try {
    const { values, positionals } = parseArgs(config)
    return { values, words: positionals }
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. ')
    return { mistake: `${first.replace(/\.$/, '')}. See --help.\n` }
  }
}
