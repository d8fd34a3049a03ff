import { describe, expect, test } from 'vitest';
import { commandNames, helpOf, parseCommandLine } from './arguments.ts';

describe('the command line', () => {
  test('without a command runs the device', () => {
    expect(parseCommandLine([])).toMatchObject({ command: 'run', demo: true, cameras: [] });
    expect(parseCommandLine(['--port', '8123'])).toMatchObject({ command: 'run', port: 8123 });
  });

  test('takes cameras one after the other', () => {
    const line = parseCommandLine([
      'run',
      '--camera',
      'front=rtsp://a/1',
      '--camera',
      'yard=rtsp://b/2',
      '--no-demo',
      '--data',
      '/d',
      '--host',
      '::1',
    ]);
    expect(line).toMatchObject({ cameras: ['front=rtsp://a/1', 'yard=rtsp://b/2'], demo: false, data: '/d', host: '::1' });
  });

  test.each([
    [['fly'], 'There is no command "fly".'],
    [['run', '--port', 'eighty'], '"eighty" is not a port.'],
    [['run', '--port', '70000'], '"70000" is not a port.'],
    [['run', '--prot', '80'], '--prot'],
    [['check', 'something'], 'something'],
    [['run', '--repair'], 'The command run takes no option --repair.'],
    [['backup', '--port', '80', 'file'], 'The command backup takes no option --port.'],
    [['run', '--data', ''], 'The option --data has no value.'],
    [['run', '--host='], 'The option --host has no value.'],
  ])('refuses %j in plain words', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });

  test('takes the file of a backup', () => {
    expect(parseCommandLine(['restore', 'before.tar.gz']).operands).toEqual(['before.tar.gz']);
  });

  test('explains all commands to who names none', () => {
    expect(parseCommandLine(['--help'])).toMatchObject({ help: true, named: false });
    for (const name of commandNames) expect(helpOf(null)).toContain(name);
  });

  test.each(commandNames)('%s explains itself', (name) => {
    expect(helpOf(name)).toContain(`kerberos ${name}`);
    expect(parseCommandLine([name, '--help']).help).toBe(true);
  });
});
