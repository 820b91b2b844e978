// What somebody would write in ten lines: it says ACK to whatever the controller says. The floor.
import { SerialPort } from 'serialport'

const [path] = process.argv.slice(2)
const port = new SerialPort({ path, baudRate: 57_600 })
const ACK = Buffer.from([0xfa, 0xfb, 0x42, 0x00, 0x43])
port.on('data', bytes => {
  for (let at = bytes.indexOf(0xfa); at >= 0; at = bytes.indexOf(0xfa, at + 1))
    if (bytes[at + 1] === 0xfb && bytes[at + 2] !== 0x42) port.write(ACK)
})
