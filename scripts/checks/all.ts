import { budgetCheck } from './budget.ts';
import type { Check } from './check.ts';
import { cyclesCheck } from './cycles.ts';
import { deadCodeCheck } from './dead-code.ts';
import { importsCheck } from './imports.ts';
import { lockfileCheck } from './lockfile.ts';
import { placesCheck } from './places.ts';
import { shellCheck } from './shell.ts';
import { sizesCheck } from './sizes.ts';
import { styleCheck } from './style.ts';
import { typesCheck } from './types.ts';
import { usesCheck } from './uses.ts';
import { versionsCheck } from './versions.ts';
import { wordsCheck } from './words.ts';

export const allChecks: readonly Check[] = [
  placesCheck,
  wordsCheck,
  versionsCheck,
  lockfileCheck,
  importsCheck,
  cyclesCheck,
  usesCheck,
  sizesCheck,
  shellCheck,
  styleCheck,
  typesCheck,
  deadCodeCheck,
  budgetCheck,
];
