import { expect, test } from 'vitest';
import { changesFor, mistakesIn } from './changes.ts';

const wanted = {
  hostConfig: { BALENA_HOST_CONFIG_camera_auto_detect: '1' },
  variables: {},
  retired: ['BALENA_HOST_CONFIG_start_x', 'OLD'],
};

test('what is as wanted, and what others have set, is left alone', () => {
  const config = [
    { id: 1, name: 'BALENA_HOST_CONFIG_camera_auto_detect', value: '1' },
    { id: 2, name: 'BALENA_HOST_CONFIG_gpu_mem', value: '16' },
  ];
  expect(changesFor(wanted, { config, variables: [{ id: 3, name: 'TZ', value: 'UTC' }] })).toEqual([]);
});

test('what a release of ours once set goes, from the list it is in', () => {
  const config = [
    { id: 1, name: 'BALENA_HOST_CONFIG_camera_auto_detect', value: '1' },
    { id: 2, name: 'BALENA_HOST_CONFIG_start_x', value: '1' },
  ];
  expect(changesFor(wanted, { config, variables: [{ id: 2, name: 'OLD', value: '' }] })).toEqual([
    { kind: 'remove', id: 2, name: 'BALENA_HOST_CONFIG_start_x', isConfig: true },
    { kind: 'remove', id: 2, name: 'OLD', isConfig: false },
  ]);
});

test('a name in the wrong list, or wanted and retired, is a mistake of the file', () => {
  expect(mistakesIn(wanted)).toEqual([]);
  expect(mistakesIn({ hostConfig: { TZ: 'UTC' }, variables: { BALENA_X: '1', OLD: '' }, retired: ['OLD'] })).toHaveLength(3);
});
