import { z } from 'zod';
import { limits } from './limits.ts';
import { instantSchema } from './time.ts';
import { typedName } from './typed-name.ts';

export const claimSchema = z
  .object({
    username: z.string().trim().min(1).max(limits.usernameMaxLength),
    password: z.string().min(limits.passwordMinLength).max(limits.passwordMaxLength),
  })
  .meta({ id: 'Claim' });
export type Claim = z.infer<typeof claimSchema>;

/** The name is trimmed as at the claim: keyboards of phones put a space after it. */
export const loginSchema = z
  .object({
    username: z.string().trim().max(limits.usernameMaxLength),
    password: z.string().max(limits.passwordMaxLength),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof loginSchema>;

/** `view`: watch and find. `operate`: record by hand, protect, delete. `admin`: everything. `metrics`: `/metrics` only. */
export const scopeSchema = z.enum(['view', 'operate', 'admin', 'metrics']).meta({ id: 'Scope' });
export type Scope = z.infer<typeof scopeSchema>;

export const sessionSchema = z.object({ username: z.string(), expires: instantSchema }).meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

export const newTokenSchema = z
  .object({ name: typedName(limits.nameLength), scopes: z.array(scopeSchema).min(1) })
  .meta({ id: 'NewToken' });
export type NewToken = z.infer<typeof newTokenSchema>;

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(scopeSchema),
    created: instantSchema,
    lastUsed: instantSchema.nullable(),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof tokenSchema>;

/** The only time the token itself is told. */
export const createdTokenSchema = tokenSchema.extend({ token: z.string() }).meta({ id: 'CreatedToken' });
export type CreatedToken = z.infer<typeof createdTokenSchema>;
