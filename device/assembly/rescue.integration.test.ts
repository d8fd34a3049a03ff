import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiErrorSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { AssembledDevice, freePort } from '#device/testing/assembled-device.ts';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { rescue } from './commands/rescue.ts';

const readOnly = new Failure('storage-failed', 'The <card> can only be read.', { action: 'Put in a new one.' });
let problem: Failure | null;
let clock: SimulatedClock;
let url: string;
let stop: AbortController;
const said: string[] = [];

beforeEach(() => {
  problem = readOnly;
  clock = new SimulatedClock();
  stop = new AbortController();
  said.length = 0;
});

afterEach(() => stop.abort());

async function start(failed?: Failure): Promise<{ ended: Promise<number> }> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const ended = rescue({
    ...{ host: '127.0.0.1', port, version: '1.2.3', clock, logger: silentLogger, signal: stop.signal },
    problem: async () => problem,
    ...(failed === undefined ? {} : { failed }),
    say: (text) => said.push(text),
  });
  await expect
    .poll(() =>
      fetch(url).then(
        ({ status }) => status,
        () => null,
      ),
    )
    .toBe(503);
  return { ended };
}

test('says to a person what is wrong and what to do, at every address', async () => {
  await start();
  const answer = await fetch(`${url}/cameras/front`);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('10');
  const page = await answer.text();
  expect(page).toContain('The &lt;card&gt; can only be read.');
  expect(page).toContain('Put in a new one.');
  expect(said).toEqual(['The <card> can only be read. Put in a new one.']);
});

test('says it to programs as any error of the API', async () => {
  await start();
  const answer = await fetch(`${url}/api/health`);
  expect(answer.status).toBe(503);
  expect(apiErrorSchema.parse(await answer.json()).error).toEqual({
    kind: 'storage-failed',
    message: readOnly.message,
    action: 'Put in a new one.',
  });
});

test('ends when the volume is sound again, so that the device is started', async () => {
  const { ended } = await start();
  await clock.advance(10_000);
  expect((await fetch(url)).status).toBe(503);
  problem = null;
  await clock.advance(10_000);
  expect(await ended).toBe(0);
});

test('a device that failed on a volume that looks sound is tried again after some minutes only', async () => {
  problem = null;
  const { ended } = await start(readOnly);
  await clock.advance(200_000);
  expect((await fetch(url)).status).toBe(503);
  await clock.advance(110_000);
  expect(await ended).toBe(0);
});

test('nothing wrong: it ends at once', async () => {
  problem = null;
  const options = { host: '127.0.0.1', port: await freePort(), version: '1.2.3', clock, logger: silentLogger, signal: stop.signal };
  expect(await rescue({ ...options, problem: async () => problem, say: (text) => said.push(text) })).toBe(0);
});

test.skipIf(!(await RemovableVolume.isPossible()))(
  'an appliance on a disk that can only be read shows the page, and ends when it is mended',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'appliance-'));
    const volume = await RemovableVolume.plugIn(directory, 8_000_000);
    try {
      await volume.setReadOnly(true);
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      const starting = AssembledDevice.start({ directory, port, env: { KERBEROS_APPLIANCE: '1' } });
      const ended = expect(starting).rejects.toThrow('the device ended with 0');
      await expect
        .poll(
          () =>
            fetch(url).then(
              (answer) => answer.text(),
              () => '',
            ),
          { timeout: 20_000 },
        )
        .toContain('can only be read');
      await volume.setReadOnly(false);
      await ended;
    } finally {
      await volume.remove();
      await rm(directory, { recursive: true, force: true });
    }
  },
);
