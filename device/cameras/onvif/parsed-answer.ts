import { z } from 'zod';

/** An answer as the package's parser gives it: every element is a list, text is a string or, with attributes, an object with `_`. */

const textSchema = z.union([z.string(), z.object({ _: z.string() }).transform(({ _ }) => _)]).transform((text) => text.trim());

/** The first of them; there must be one. */
export const first = <T extends z.ZodType>(schema: T) =>
  z
    .array(z.unknown())
    .min(1)
    .transform((list) => list[0])
    .pipe(schema);

export const firstText = first(textSchema);
