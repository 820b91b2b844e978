import { expect, test } from 'vitest'
import { hidPipe } from './hid-pipe.ts'

test('the real library looks at the real bus, and says that no such device is there', async () => {
  const open = hidPipe({ vendor: 0xfffe, usage_page: 0x8c, usage: 2 })
  await expect(open({ read: () => {}, lost: () => {} })).rejects.toThrow(/^USB FFFE is not there/)
})
