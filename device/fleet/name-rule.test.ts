import { describe, expect, test } from 'vitest';
import { decideName } from './name-rule.ts';

const unnamed = 'Kerberos';
const agreed = { here: 'Barn', there: 'Barn' };

describe('the name of a device in its fleet', () => {
  test.each([
    ['nobody named it here: the fleet names it', 'Kerberos', 'still-dawn', null, { kind: 'take', name: 'still-dawn' }],
    ['it was named here before they met', 'Barn', 'still-dawn', null, { kind: 'tell-fleet', name: 'Barn' }],
    ['they agree', 'Barn', 'Barn', agreed, { kind: 'none' }],
    ['it was renamed here', 'Yard', 'Barn', agreed, { kind: 'tell-fleet', name: 'Yard' }],
    ['it was renamed there', 'Barn', 'Yard', agreed, { kind: 'take', name: 'Yard' }],
    ['it was renamed on both sides: who stands before it decides', 'Yard', 'Roof', agreed, { kind: 'tell-fleet', name: 'Yard' }],
    ['it was renamed on both sides to the same', 'Yard', 'Yard', agreed, { kind: 'none' }],
    ['it has no name there', 'Barn', '   ', agreed, { kind: 'none' }],
  ] as const)('%s', (_what, here, there, known, step) => {
    expect(decideName({ here, there, agreed: known, isFixed: false, unnamed })).toEqual(step);
  });

  test('longer than fits here is cut, and is then no reason to rename it there', () => {
    const there = 'x'.repeat(100);
    const here = 'x'.repeat(64);
    expect(decideName({ here: 'Barn', there, agreed, isFixed: false, unnamed })).toEqual({ kind: 'take', name: here });
    expect(decideName({ here, there, agreed: { here, there }, isFixed: false, unnamed })).toEqual({ kind: 'none' });
  });

  test('that a variable decides is nobody else’s', () => {
    expect(decideName({ here: 'Fleet', there: 'still-dawn', agreed, isFixed: true, unnamed })).toEqual({ kind: 'none' });
  });
});
