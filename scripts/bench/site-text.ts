/** What stands beside the boards, as YAML. */
export interface Beside {
  line: string
  device: string
}

/** A site of lock boards on fast ttys, one a line of 24 doors at most, as YAML. */
export function siteText(
  unit: string,
  data: string,
  url: string | undefined,
  ttys: string[],
  doors: number,
  beside?: Beside,
): string {
  const lines = ttys.map(
    (path, index) => `  - { name: line-${index}, serial: { path: ${path}, baud: 9600 } }`,
  )
  const devices = ttys.map(
    (_path, index) =>
      `  - { name: board-${index}, line: line-${index}, driver: lock-8a, options: { address: 1, channels: ${doors}, status_bytes: 3 } }`,
  )
  const compartments = ttys.flatMap((_path, board) =>
    Array.from(
      { length: doors },
      (_, channel) =>
        `  - { name: D${board}-${channel + 1}, size: M, height_mm: 1000, device: board-${board}, channel: ${channel + 1} }`,
    ),
  )
  return [
    `unit: ${unit}`,
    `data: ${data}`,
    'lines:',
    ...lines,
    ...(beside ? [`  - ${beside.line}`] : []),
    'devices:',
    ...devices,
    ...(beside ? [`  - ${beside.device}`] : []),
    'compartments:',
    ...compartments,
    ...(url === undefined ? [] : [`cloud: { broker: '${url}' }`]),
    'policy: { remote_opens_per_hour: 1000 }',
    '',
  ].join('\n')
}
