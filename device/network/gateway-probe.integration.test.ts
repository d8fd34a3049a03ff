import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLan, type Lan } from '#device/testing/lan.ts';

const root = process.getuid?.() === 0;
const probe = fileURLToPath(new URL('./gateway-probe.ts', import.meta.url));
const clock = fileURLToPath(new URL('../kernel/clock.ts', import.meta.url));

describe.runIf(root)('a router on the link', () => {
  let lan: Lan;
  beforeAll(async () => {
    lan = await createLan(['10.78.0.1', '10.78.0.2']);
  }, 30_000);
  afterAll(async () => {
    await lan?.close();
  }, 30_000);

  const answers = async (address: string, networkInterface = 'eth0') => {
    const program = `
      import { gatewayAnswers } from '${probe}';
      import { systemClock } from '${clock}';
      console.log(await gatewayAnswers('${address}', '${networkInterface}', systemClock));`;
    return (await lan.hosts[0].run(process.execPath, '--input-type=module', '-e', program)).trim();
  };

  test('answers when it is there, without a service or a ping', async () => {
    expect(await answers('10.78.0.2')).toBe('true');
  });

  test('does not when nobody has its address, or when it is another link', async () => {
    expect(await answers('10.78.0.77')).toBe('false');
    expect(await answers('10.78.0.2', 'wlan0')).toBe('false');
  }, 30_000);

  test('is an address, nothing else', async () => {
    expect(await answers('router.example')).toBe('false');
  });
});
