import type { Database } from 'better-sqlite3'

/** One step for each version the file has ever had. Add to the end; never edit one that has shipped. */
const steps = [
  `create table journal (seq integer primary key, at integer not null, entry text not null, hash blob not null) strict;
   create table seal (id integer primary key check (id = 1), seq integer not null, hash blob not null, mac blob not null) strict;
   create table processes (workflow text, key text, state text not null, deadline real,
                           primary key (workflow, key)) strict, without rowid;
   create table bookings (id text primary key, booking text not null) strict, without rowid;
   create table holds (compartment text primary key, why text not null) strict, without rowid;
   create table facts (name text primary key, value any not null) strict, without rowid`,
  `create table packs (id text primary key, pack text not null) strict, without rowid`,
  `alter table packs rename column pack to body;
   create table prescriptions (id text primary key, body text not null) strict, without rowid;
   create table recalls (id text primary key, body text not null) strict, without rowid;
   create table vault (name text primary key, key text not null, data text not null) strict, without rowid`,
  `create table tokens (id text primary key, body text not null) strict, without rowid;
   delete from processes where workflow = 'reader'`,
]

/** Brings a file up to this version, one committed step at a time; refuses one from a later version. */
export function migrate(db: Database): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > steps.length)
    throw new Error(
      `the store is of version ${version}, this agent knows ${steps.length}: install the newer agent again`,
    )
  for (const [index, sql] of steps.entries()) {
    if (index < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${index + 1}`)
    })()
  }
}
