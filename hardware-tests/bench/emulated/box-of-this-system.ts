import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Box, composeEnvironment, programFolders } from './box.ts';

/** Where the image has the program. */
const directory = '/usr/src/kerberos-edge';

/**
 * This very system in place of the image: its programs, its Node, and the device as it was built here, started as the image starts it.
 * It needs no image, so it can be booted wherever the tests run.
 */
export function boxOfThisSystem(projectRoot: string): Box {
  if (!existsSync(join(projectRoot, 'build/device/main.js'))) throw new Error('The device is not built yet: run npm run build first.');
  return {
    root: { folder: '/' },
    emulated: ['image: the system that the bench runs on, with its own packages, in place of the image'],
    environment: {
      PATH: `${dirname(process.execPath)}:${programFolders}`,
      NODE_ENV: 'production',
      KERBEROS_APPLIANCE: '1',
      MALLOC_ARENA_MAX: '2',
      ...composeEnvironment(projectRoot),
    },
    preparation: [
      `mkdir -p ${directory} /data`,
      `mount --bind '${projectRoot}' ${directory}`,
      `cp ${directory}/image/kerberos /usr/local/bin/kerberos`,
    ],
    command: [`${directory}/image/entry.sh`, 'run'],
    directory,
  };
}
