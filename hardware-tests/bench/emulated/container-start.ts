import type { TestRelease } from '../bench.ts';
import type { Box } from './box.ts';

/** What a container engine makes of the image's settings and those of the compose file: a script that becomes the container. */
export function containerStart(box: Box, further: Readonly<Record<string, string>>, release?: TestRelease): string {
  const variables = Object.entries({ ...box.environment, ...further }).map(([name, value]) => quoted(`${name}=${value}`));
  const command = box.command.map(quoted);
  const changes = release === undefined ? [] : releaseLines(release);
  const start = `exec env -i ${[...variables, ...command].join(' ')}`;
  return ['#!/bin/sh', 'mount -t proc proc /proc', ...box.preparation, `cd ${quoted(box.directory)}`, ...changes, start, ''].join('\n');
}

/** Only this container sees what is laid over its files. */
function releaseLines({ version, breaks }: TestRelease): string[] {
  return [
    `sed 's/"version": "[^"]*"/"version": "${version}"/' package.json >/bench/package.json`,
    'mount --bind /bench/package.json package.json',
    ...(breaks === 'cameras' ? ['mount --bind /bin/false "$(command -v ffmpeg)"'] : []),
  ];
}

export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
