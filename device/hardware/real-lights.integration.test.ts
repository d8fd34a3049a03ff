import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { textInMemory } from '#device/testing/planted-kernel.ts';
import { kernelTree } from './kernel-tree.ts';
import { takeLights } from './lights.ts';

const maker = '/dev/uleds';
const isThere = existsSync(maker) && !existsSync('/sys/class/leds/ACT');
if (!isThere) process.stdout.write(`Lights were not tried: ${existsSync(maker) ? 'this board has its own' : `there is no ${maker}`}.\n`);

/** A light of the kernel that no lamp hangs on: the module uleds makes it, and its trigger and brightness are the kernel's own. */
test.skipIf(!isThere)('a light of the kernel is taken, lit, and given back to its trigger', { timeout: 60_000 }, async () => {
  const name = Buffer.alloc(68);
  name.write('ACT');
  name.writeInt32LE(255, 64);
  const light = openSync(maker, 'r+');
  try {
    writeSync(light, name);
    const place = '/sys/class/leds/ACT';
    for (let tries = 0; tries < 100 && !existsSync(place); tries += 1) await systemClock.sleep(20);
    const trigger = () => /\[(.+)\]/.exec(readFileSync(`${place}/trigger`, 'utf8'))?.[1];
    const before = trigger();
    const { activity, power } = await takeLights({ tree: kernelTree(), logger: silentLogger, memory: textInMemory() });
    expect([activity?.name, power]).toEqual(['ACT', null]);
    await activity?.set(true);
    expect(readFileSync(`${place}/brightness`, 'utf8').trim()).toBe('255');
    await activity?.set(false);
    expect(readFileSync(`${place}/brightness`, 'utf8').trim()).toBe('0');
    await activity?.restore();
    expect(trigger()).toBe(before);
  } finally {
    closeSync(light);
  }
});
