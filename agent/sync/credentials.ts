import { readFileSync } from 'node:fs'
import type { CloudConfig } from '../../config/site.ts'

/** Who the unit is to its broker. Read anew for each connection, so that a renewed certificate needs no restart. */
export function readCredentials({ username, password_file, ca_file, cert_file, key_file }: CloudConfig) {
  return {
    ...(username === undefined ? {} : { username }),
    // Editors end a file with a new line; no broker means it as part of the password.
    ...(password_file === undefined
      ? {}
      : { password: readFileSync(password_file, 'utf8').replace(/\r?\n$/, '') }),
    ...(ca_file === undefined ? {} : { ca: readFileSync(ca_file) }),
    ...(cert_file === undefined ? {} : { cert: readFileSync(cert_file) }),
    ...(key_file === undefined ? {} : { key: readFileSync(key_file) }),
  }
}
