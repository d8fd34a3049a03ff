import type { Transaction } from 'kysely';
import type { Session } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Database } from '#device/kernel/database.ts';
import { hashOf, newCookieValue } from './secrets.ts';
import type { AccessTables } from './tables.ts';

const sessionLifeMs = 30 * 24 * 3_600_000;
/** Prolonged at most this often: every write wears the card. */
const prolongEveryMs = 3_600_000;
const sessionsPerUser = 32;

export interface LoggedIn {
  session: Session;
  cookieValue: string;
}

export interface Sessions {
  /** Within a change that happens with it or not at all, where one is given. */
  begin(user: { id: string; username: string }, change?: Transaction<AccessTables>): Promise<LoggedIn>;
  /** null when there is none or it is over. Prolongs it. */
  find(cookieValue: string): Promise<Session | null>;
  end(cookieValue: string): Promise<void>;
}

export function keepSessions(db: Database<AccessTables>, clock: Clock): Sessions {
  const prolong = async (hash: string, expiresMs: number): Promise<number> => {
    const fresh = clock.wall() + sessionLifeMs;
    if (fresh - expiresMs < prolongEveryMs) return expiresMs;
    try {
      await db.write.updateTable('sessions').set({ expiresMs: fresh }).where('hash', '=', hash).execute();
      return fresh;
    } catch {
      // A full or worn-out disk must not lock out the person who comes to see to it.
      return expiresMs;
    }
  };

  const beginIn = async (change: Transaction<AccessTables>, { id, username }: { id: string; username: string }): Promise<LoggedIn> => {
    const cookieValue = newCookieValue();
    const createdMs = clock.wall();
    const expiresMs = createdMs + sessionLifeMs;
    await change.deleteFrom('sessions').where('expiresMs', '<=', createdMs).execute();
    const kept = change
      .selectFrom('sessions')
      .select('hash')
      .where('userId', '=', id)
      .orderBy('createdMs', 'desc')
      .limit(sessionsPerUser - 1);
    await change.deleteFrom('sessions').where('userId', '=', id).where('hash', 'not in', kept).execute();
    await change
      .insertInto('sessions')
      .values({ hash: hashOf(cookieValue), userId: id, createdMs, expiresMs })
      .execute();
    return { session: sessionOf(username, expiresMs), cookieValue };
  };

  return {
    begin: (user, change) => (change ? beginIn(change, user) : db.write.transaction().execute((own) => beginIn(own, user))),
    find: async (cookieValue) => {
      const hash = hashOf(cookieValue);
      const row = await db.read
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.userId')
        .select(['users.username', 'sessions.expiresMs'])
        .where('sessions.hash', '=', hash)
        .executeTakeFirst();
      if (!row || row.expiresMs <= clock.wall()) return null;
      return sessionOf(row.username, await prolong(hash, row.expiresMs));
    },
    end: async (cookieValue) => {
      await db.write.deleteFrom('sessions').where('hash', '=', hashOf(cookieValue)).execute();
    },
  };
}

function sessionOf(username: string, expiresMs: number): Session {
  return { username, expires: new Date(expiresMs).toISOString() };
}
