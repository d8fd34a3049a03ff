import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recordingsOn } from '#device/hardware/disks/recording-disks.ts';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { placesIn } from '../places.ts';
import { doctor } from './doctor.ts';

const run = promisify(execFile);
const canMount = await RemovableVolume.isPossible();
vi.setConfig({ testTimeout: 30_000 });

test.each<[string, RequestListener]>([
  ['answers to everything', (_request, answer) => answer.end('hello')],
  ['never answers', () => {}],
])('the doctor takes no other program for the device: one that %s has the port', async (_how, listener) => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const said: string[] = [];
  const patience = AbortSignal.timeout(20_000);
  const status = await doctor({ root: tmpdir(), port, say: (text) => said.push(text), signal: patience });
  expect(patience.aborted).toBe(false);
  server.closeAllConnections();
  server.close();
  expect(said).toContain(`[FAIL] Port ${port} is used by another program.`);
  expect(status).toBe(1);
});

describe('a device whose recordings are on a disk of the owner’s choice', () => {
  const volumeId = '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11';
  let root: string;
  let place: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctor-'));
    const places = placesIn(root);
    place = join(places.disks, volumeId);
    await mkdir(place, { recursive: true });
    await writeFile(places.recordingPlaceFile, JSON.stringify({ volumeId }));
  });
  afterEach(async () => {
    await run('umount', ['--lazy', place]).catch(() => {});
    await rm(root, { recursive: true, force: true });
  });
  const saidOf = async (): Promise<string> => {
    const said: string[] = [];
    await doctor({ root, port: 0, say: (text) => said.push(text), signal: AbortSignal.timeout(20_000) });
    return said.join('\n');
  };

  test('is told which disk is not there, and never the room of the card in its place', async () => {
    const said = await saidOf();
    expect(said).toContain(`[WARN] The disk ${volumeId}, on which recordings are kept, is not there.`);
    expect(said).toContain('only the running device puts it in its place');
    expect(said).not.toContain('free for recordings');
    expect(said).toMatch(/GB are free for everything else/);
  });

  test.skipIf(!canMount)('is told the room of that disk when it is there', async () => {
    const image = join(root, 'stick');
    await writeFile(image, '');
    await truncate(image, 64_000_000);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-U', volumeId, image]);
    await run('mount', ['-o', 'loop', image, place]);
    await mkdir(recordingsOn(placesIn(root).disks, volumeId), { recursive: true });
    expect(await saidOf()).toContain(`[WARN] 0.1 GB are free for recordings on the disk ${volumeId}.`);
  });
});
