import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { createLoadMeter, temperatureCelsius } from './machine-figures.ts';

describe('the temperature', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thermal-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const zone = async (name: string, text: string) => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'temp'), text);
  };

  test('is that of the hottest zone', async () => {
    await zone('thermal_zone0', '48312\n');
    await zone('thermal_zone1', '61000\n');
    await zone('cooling_device0', '99000\n');
    expect(await temperatureCelsius(folder)).toBe(61);
  });

  test('is unknown where no sensor says anything credible', async () => {
    await zone('thermal_zone0', '-274000\n');
    await zone('thermal_zone1', 'N/A\n');
    expect(await temperatureCelsius(folder)).toBeNull();
    expect(await temperatureCelsius(join(folder, 'absent'))).toBeNull();
  });
});

describe('the load', () => {
  test('is that since it was asked last', () => {
    const load = createLoadMeter();
    expect(load()).toBeGreaterThan(0);
    const until = systemClock.boot() + 100;
    while (systemClock.boot() < until);
    const busy = load();
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(100);
  });
});
