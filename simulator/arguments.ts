import { type ParseArgsConfig, parseArgs } from 'node:util'

type Values<Config extends ParseArgsConfig> = ReturnType<typeof parseArgs<Config>>['values']

/** The arguments of a command as its options say, or one sentence for whoever mistyped them. */
export function readArguments<const Config extends ParseArgsConfig>(
  config: Config,
): { values: Values<Config> } | { mistake: string } {
  try {
    return { values: parseArgs(config).values }
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. ')
    return { mistake: `${first.replace(/\.$/, '')}. See --help.\n` }
  }
}
