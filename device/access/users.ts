import type { Transaction } from 'kysely';
import type { Clock } from '#device/kernel/clock.ts';
import type { Database } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { newId } from './secrets.ts';
import type { AccessTables } from './tables.ts';

export interface User {
  id: string;
  username: string;
  passwordHash: string;
}

export interface Users {
  any(): Promise<boolean>;
  find(username: string): Promise<User | null>;
  /** The one there is, when there is exactly one. */
  only(): Promise<User | null>;
  /** null when there is one already, also when two ask at once. */
  createFirst(username: string, passwordHash: string): Promise<User | null>;
  /** The password was right, only its hash is made anew: sessions go on. */
  refreshHash(id: string, passwordHash: string): Promise<void>;
  /** Ends every session of the user in the same transaction, in which `afterwards` runs last. */
  changePassword<T>(id: string, passwordHash: string, afterwards: (change: Transaction<AccessTables>) => Promise<T>): Promise<T>;
  /** With every session and token, in one transaction. */
  removeAll(): Promise<void>;
}

export function keepUsers(db: Database<AccessTables>, clock: Clock): Users {
  return {
    any: async () => (await db.read.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined,
    find: async (username) => (await db.read.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst()) ?? null,
    only: async () => {
      const [user, ...others] = await db.read.selectFrom('users').selectAll().limit(2).execute();
      return user && others.length === 0 ? user : null;
    },
    createFirst: (username, passwordHash) =>
      db.write.transaction().execute(async (change) => {
        if (await change.selectFrom('users').select('id').limit(1).executeTakeFirst()) return null;
        const user = { id: newId(), username, passwordHash, createdMs: clock.wall() };
        await change.insertInto('users').values(user).execute();
        return user;
      }),
    refreshHash: async (id, passwordHash) => {
      await db.write.updateTable('users').set({ passwordHash }).where('id', '=', id).execute();
    },
    changePassword: (id, passwordHash, afterwards) =>
      db.write.transaction().execute(async (change) => {
        const { numUpdatedRows } = await change.updateTable('users').set({ passwordHash }).where('id', '=', id).executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) throw new Failure('not-found', 'There is no such user.');
        await change.deleteFrom('sessions').where('userId', '=', id).execute();
        return afterwards(change);
      }),
    removeAll: () =>
      db.write.transaction().execute(async (change) => {
        for (const table of ['sessions', 'tokens', 'users'] as const) await change.deleteFrom(table).execute();
      }),
  };
}
