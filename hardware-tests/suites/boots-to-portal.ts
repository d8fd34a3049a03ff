import { Portal, until } from '../bench/portal.ts';
import { must, type Suite } from './suite.ts';

/** A device out of the box: nothing saved, no camera given. */
export const bootsToPortal: Suite = {
  name: 'boots to a claimable portal',
  proves: 'a fresh box shows an unclaimed portal, lets itself be claimed, and records the camera that it finds by itself',
  needs: ['fresh-volume'],
  async run(bench, { report, say }) {
    const sinceMs = performance.now();
    await bench.powerOn({ data: 'fresh', environment: { KERBEROS_RECORDING_MODE: 'continuous' } });
    const portal = new Portal(bench);
    const portalSeconds = await until('the portal answers', () => portal.answers(), {
      withinMs: 300_000,
      sinceMs,
    });
    report('from power to portal', `${portalSeconds.toFixed(1)} s`);
    must((await portal.state())?.claimed === false, 'the fresh device has an owner');
    await portal.enter();
    const cameraSeconds = await until(
      'a recording grows',
      async () => (await portal.recordings()).some(({ sizeBytes }) => sizeBytes > 20_000),
      {
        withinMs: 300_000,
        sinceMs,
      },
    );
    report('from power to the first video on the disk, as the index tells it', `${cameraSeconds.toFixed(1)} s`);
    const { memory } = await portal.system();
    report('memory of the supervisor', `${(memory.processBytes / 1e6).toFixed(0)} MB`);
    report(
      'memory in use of the whole machine',
      `${((memory.totalBytes - memory.availableBytes) / 1e6).toFixed(0)} MB of ${(memory.totalBytes / 1e6).toFixed(0)} MB`,
    );
    const { checks } = await portal.health();
    for (const { level, message } of checks.filter((check) => check.level === 'failed' || check.level === 'warning'))
      say(`health: ${level}: ${message}`);
    const udev = await bench.run('udevadm', 'info', '--query=property', '--name=/dev/vda');
    must(udev.status === 0 && udev.output.includes('DEVNAME=/dev/vda'), `udev does not know the disk: ${udev.output}`);
    const healthcheck = await bench.run('/usr/src/kerberos-edge/image/healthcheck.sh');
    must(healthcheck.status === 0, `the health check of the container fails: ${healthcheck.output}`);
    await bench.cutPower();
  },
};
