import { z } from 'zod';
import { type CreatedToken, limits, type NewToken, type Scope, scopeSchema, type Token } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Database } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { hashOf, isSameHash, looksLikeToken, newId, newToken } from './secrets.ts';
import type { AccessTables } from './tables.ts';

/** Last use is noted at most this often: every write wears the card. */
const noteUseEveryMs = 60_000;
const storedScopesSchema = z.array(scopeSchema);

export interface Tokens {
  all(): Promise<Token[]>;
  create(token: NewToken): Promise<CreatedToken>;
  revoke(id: string): Promise<void>;
  find(bearer: string): Promise<{ name: string; scopes: readonly Scope[] } | null>;
}

export function keepTokens(db: Database<AccessTables>, clock: Clock): Tokens {
  return {
    all: async () => {
      const rows = await db.read.selectFrom('tokens').selectAll().orderBy('createdMs').orderBy('id').execute();
      return rows.map(tokenOf);
    },
    create: async ({ name, scopes }) => {
      const token = newToken();
      const row = {
        id: newId(),
        name,
        scopes: JSON.stringify([...new Set(scopes)]),
        hash: hashOf(token),
        createdMs: clock.wall(),
        lastUsedMs: null,
      };
      await db.write.transaction().execute(async (change) => {
        const { count } = await change
          .selectFrom('tokens')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (count >= limits.tokens) {
          throw new Failure('conflict', `There are already ${limits.tokens} tokens.`, { action: 'Revoke one that is not used any more.' });
        }
        await change.insertInto('tokens').values(row).execute();
      });
      return { ...tokenOf(row), token };
    },
    revoke: async (id) => {
      const { numDeletedRows } = await db.write.deleteFrom('tokens').where('id', '=', id).executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) throw new Failure('not-found', 'There is no such token.');
    },
    find: async (bearer) => {
      if (!looksLikeToken(bearer)) return null;
      const hash = hashOf(bearer);
      const row = await db.read.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
      if (!row || !isSameHash(row.hash, hash)) return null;
      await noteUse(db, clock, row);
      return { name: row.name, scopes: scopesOf(row.scopes) };
    },
  };
}

/** Also after the wall clock was set back: then the old note is in the future and says nothing. */
async function noteUse(db: Database<AccessTables>, clock: Clock, token: { id: string; lastUsedMs: number | null }): Promise<void> {
  const now = clock.wall();
  if (token.lastUsedMs !== null && Math.abs(now - token.lastUsedMs) < noteUseEveryMs) return;
  // A full or worn-out disk must not keep scripts out.
  await db.write
    .updateTable('tokens')
    .set({ lastUsedMs: now })
    .where('id', '=', token.id)
    .execute()
    .catch(() => {});
}

function tokenOf(row: AccessTables['tokens']): Token {
  return {
    id: row.id,
    name: row.name,
    scopes: scopesOf(row.scopes),
    created: new Date(row.createdMs).toISOString(),
    lastUsed: row.lastUsedMs === null ? null : new Date(row.lastUsedMs).toISOString(),
  };
}

function scopesOf(stored: string): Scope[] {
  return storedScopesSchema.parse(JSON.parse(stored));
}
