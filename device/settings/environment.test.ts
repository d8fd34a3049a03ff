import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { parseCameraDefinitions } from './camera-definition.ts';
import { readEnvironment, readGround, readUsable } from './environment.ts';

/** Names and values that no release takes. */
const unusableValues = [
  ['KERBEROS_PORT', 'http'],
  ['KERBEROS_PORT', '70000'],
  ['KERBEROS_LOG_LEVEL', 'loud'],
  ['KERBEROS_TIME_ZONE', 'Mars/Olympus'],
  ['KERBEROS_HOST_NAME', 'Not A Name'],
  ['KERBEROS_CAMERAS', 'rtsp://admin:hunter2=@cam/1'],
  ['KERBEROS_CAMERAS', 'front=http://admin:hunter2@cam'],
  ['AGENT_CAPTURE_IPCAMERA_RTSP', 'http://admin:hunter2@cam'],
  ['AGENT_CAPTURE_PRERECORDING', '61'],
  ['AGENT_CAPTURE_MAXLENGTH', '-3'],
  ['AGENT_CAPTURE_MOTION', 'maybe'],
  ['AGENT_AUTO_CLEAN_MAX_SIZE', '1e3'],
  ['AGENT_TIMETABLE', '0,1,2,3'],
  ['AGENT_TIMETABLE', '0,1,2,99999;;;;;;'],
  ['AGENT_REGION_POLYGON', '0,0;1,1'],
  ['AGENT_REGION_POLYGON', '0,0;1,1;x,2'],
] as const;

describe('the environment', () => {
  test('says what balenaOS gives, and notes what is unusable without repeating it', () => {
    const given = {
      BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:48484/',
      BALENA_SUPERVISOR_API_KEY: 'one',
      BALENA_APP_ID: '12',
      BALENA_APP_LOCK_PATH: '/locks/updates.lock',
      BALENA_API_URL: 'https://api.fleet.test',
      BALENA_API_KEY: 'two',
      BALENA_DEVICE_UUID: 'abc',
    };
    expect(readGround(given).balena).toEqual({
      supervisor: { address: 'http://127.0.0.1:48484', apiKey: 'one', appId: 12 },
      lockFile: '/locks/updates.lock',
      cloud: { apiUrl: 'https://api.fleet.test', apiKey: 'two', deviceUuid: 'abc' },
    });
    const unusable = { ...given, BALENA_SUPERVISOR_ADDRESS: 'secret nonsense', BALENA_API_KEY: '' };
    expect(readGround(unusable).balena).toMatchObject({ supervisor: null, cloud: null });
    expect(readEnvironment(unusable).notes).toEqual(['BALENA_SUPERVISOR_ADDRESS is no address and is left aside.']);
  });

  test('says nothing when nothing is set', () => {
    expect(readEnvironment({ PATH: '/bin', KERBEROS_PORT: '' })).toEqual({
      process: {},
      device: {},
      cameras: [],
      fixedBy: new Map(),
      notes: [],
      unusable: [],
      lacksCameras: false,
    });
    const balena = { supervisor: null, lockFile: null, cloud: null };
    expect(readGround({ PATH: '/bin', KERBEROS_DATA_DIR: '' })).toEqual({ dataDirectory: undefined, logLevel: 'info', balena });
  });

  test('sets the process and the device by KERBEROS names', () => {
    const variables = {
      KERBEROS_DATA_DIR: '/data',
      KERBEROS_PORT: '8081',
      KERBEROS_HOST: '127.0.0.1',
      KERBEROS_LOG_LEVEL: 'DEBUG',
      KERBEROS_DEVICE_NAME: 'Barn',
      KERBEROS_TIME_ZONE: 'Europe/Brussels',
      KERBEROS_HOST_NAME: 'barn.local',
      KERBEROS_ANNOUNCE: 'no',
      KERBEROS_STORAGE_MAX_BYTES: '1000',
      KERBEROS_STORAGE_MAX_AGE_DAYS: '0',
      KERBEROS_WATCHDOG: 'On',
      KERBEROS_STATUS_LIGHTS: 'no',
      KERBEROS_RESET_FILE: '/card/reset',
    };
    const environment = readEnvironment(variables);
    expect(readGround(variables)).toMatchObject({ dataDirectory: '/data', logLevel: 'debug' });
    expect(environment.notes).toEqual([]);
    expect(environment.process).toEqual({ port: 8081, host: '127.0.0.1', resetFile: '/card/reset' });
    expect(environment.device).toEqual({
      deviceName: 'Barn',
      timeZone: 'Europe/Brussels',
      network: { hostName: 'barn', announce: false },
      storage: { maxBytes: 1000, maxAgeDays: null },
      hardware: { watchdog: 'on', statusLights: false },
    });
    expect([...environment.fixedBy.keys()].sort()).toEqual(
      [
        'deviceName',
        'hardware.statusLights',
        'hardware.watchdog',
        'network.announce',
        'network.hostName',
        'storage.maxAgeDays',
        'storage.maxBytes',
        'timeZone',
      ].sort(),
    );
  });

  test('takes further names under which the device answers, and nothing that is no name', () => {
    const named = readEnvironment({ KERBEROS_ALLOWED_HOSTS: 'Cameras.example.org, kerberos.fritz.box' });
    expect(named.process.allowedHosts).toEqual(['cameras.example.org', 'kerberos.fritz.box']);
    for (const wrongName of ['*', 'cameras.example.org:443', 'https://cameras.example.org', 'a.b,,c.d']) {
      expect(() => readEnvironment({ KERBEROS_ALLOWED_HOSTS: wrongName })).toThrow(/KERBEROS_ALLOWED_HOSTS must be names/);
    }
  });

  test('reads the AGENT names of an existing installation', () => {
    const environment = readEnvironment({
      AGENT_NAME: 'Front door',
      AGENT_TIMEZONE: 'Africa/Ceuta',
      AGENT_CAPTURE_IPCAMERA_RTSP: 'rtsp://admin:secret1@10.0.0.2/main',
      AGENT_CAPTURE_IPCAMERA_SUB_RTSP: 'rtsp://admin:secret1@10.0.0.2/sub',
      AGENT_CAPTURE_PRERECORDING: '5',
      AGENT_CAPTURE_POSTRECORDING: '15',
      AGENT_CAPTURE_MAXLENGTH: '30',
      AGENT_CAPTURE_CONTINUOUS: 'true',
      AGENT_CAPTURE_MOTION: 'false',
      AGENT_AUTO_CLEAN_MAX_SIZE: '100',
      AGENT_AUTO_CLEAN_MIN_FREE_SPACE: '250',
      AGENT_REGION_POLYGON: '0,0;400,0;400,320',
      AGENT_MQTT_URI: 'tcp://broker:1883',
    });
    expect(environment.device).toEqual({
      deviceName: 'Front door',
      timeZone: 'Africa/Ceuta',
      storage: { maxBytes: 100_000_000, minFreeBytes: 250_000_000 },
    });
    expect(environment.cameras).toEqual([
      {
        name: 'Front door',
        source: {
          kind: 'rtsp',
          url: 'rtsp://10.0.0.2/main',
          subUrl: 'rtsp://10.0.0.2/sub',
          transport: 'tcp',
          username: 'admin',
          password: 'secret1',
        },
        recording: { preRollMs: 5000, postRollMs: 15_000, maxLengthMs: 30_000, mode: 'continuous' },
        motion: {
          enabled: false,
          zones: [
            {
              name: 'Region',
              kind: 'include',
              points: [
                { x: 0, y: 0 },
                { x: 0.5, y: 0 },
                { x: 0.5, y: 0.5 },
              ],
            },
          ],
        },
      },
    ]);
    expect(environment.fixedBy.get('cameras.front-door.source')).toBe('AGENT_CAPTURE_IPCAMERA_RTSP');
    expect(environment.fixedBy.get('cameras.front-door.recording.preRollMs')).toBe('AGENT_CAPTURE_PRERECORDING');
    expect(environment.notes).toEqual(['AGENT_MQTT_URI is set but has no effect on this device.']);
  });

  test('turns a timetable that begins on Sunday into a schedule that begins on Monday', () => {
    const days = [
      '0,0,0,0',
      '0,43199,43200,86400',
      '3600,7200,36000,39600',
      '0,86400,0,0',
      '0,0,0,0',
      '0,0,0,0',
      '28800,32400,32400,36000',
    ];
    const read = (more: Record<string, string>) =>
      readEnvironment({ KERBEROS_CAMERAS: 'a=demo', AGENT_TIMETABLE: days.join(';'), ...more }).cameras[0]?.recording;
    expect(read({})?.schedule).toEqual([
      [{ fromMinute: 0, toMinute: 1440 }],
      [
        { fromMinute: 60, toMinute: 120 },
        { fromMinute: 600, toMinute: 660 },
      ],
      [{ fromMinute: 0, toMinute: 1440 }],
      [],
      [],
      [{ fromMinute: 480, toMinute: 600 }],
      [],
    ]);
    expect(read({ AGENT_TIME: 'false' })).toEqual({});
  });

  test.each([
    [{ AGENT_CAPTURE_RECORDING: 'false', AGENT_CAPTURE_CONTINUOUS: 'true' }, 'off'],
    [{ AGENT_CAPTURE_RECORDING: 'true' }, 'events'],
    [{ AGENT_CAPTURE_CONTINUOUS: 'false' }, 'events'],
    [{ AGENT_CAPTURE_RECORDING: 'false', KERBEROS_RECORDING_MODE: 'both' }, 'both'],
  ])('%j records %s', (variables, mode) => {
    expect(readEnvironment({ KERBEROS_CAMERAS: 'a=demo', ...variables }).cameras[0]?.recording?.mode).toBe(mode);
  });

  test('KERBEROS wins over AGENT, which wins over the fleet', () => {
    const fleet = { GLOBAL_AGENT_NAME: 'Fleet', GLOBAL_AGENT_TIMEZONE: 'UTC' };
    expect(readEnvironment({ ...fleet, AGENT_NAME: 'Agent' }).device).toEqual({ deviceName: 'Agent', timeZone: 'UTC' });
    const both = readEnvironment({ ...fleet, AGENT_NAME: 'Agent', KERBEROS_DEVICE_NAME: 'Ours' });
    expect(both.device.deviceName).toBe('Ours');
    expect(both.fixedBy.get('deviceName')).toBe('KERBEROS_DEVICE_NAME');
    expect(both.notes).toEqual([]);
  });

  test('cameras given as arguments stand before those of variables', () => {
    const cameras = parseCameraDefinitions('gate=rtsp://cam/1', '--camera');
    const environment = readEnvironment({ KERBEROS_CAMERAS: 'a=demo' }, { cameras });
    expect(environment.cameras.map((camera) => camera.name)).toEqual(['gate']);
    expect(environment.fixedBy.get('cameras.gate.source')).toBe('--camera');
  });

  test('tells a name that does nothing, unless another reads it', () => {
    expect(readEnvironment({ KERBEROS_PROT: '80', KERBEROS_PORTAL: '/p' }, { knownNames: ['KERBEROS_PORTAL'] }).notes).toEqual([
      'KERBEROS_PROT is set but has no effect on this device.',
    ]);
    expect(readEnvironment({ AGENT_CAPTURE_PRERECORDING: '5' }).notes).toHaveLength(1);
  });

  test.each(unusableValues)('%s=%s is refused by its name, its value not repeated', (name, value) => {
    const read = () => readEnvironment({ [name]: value });
    expect(read).toThrow(Failure);
    expect(read).toThrow(new RegExp(name));
    expect(read).not.toThrow(/hunter2/);
  });
});

describe('where no person stands by', () => {
  test.each(unusableValues)('%s=%s is left aside and told, as though it were not set', (name, value) => {
    const { unusable: told, ...read } = readUsable({ KERBEROS_ANNOUNCE: 'no', [name]: value });
    const { unusable: _none, ...withoutUnusable } = readEnvironment({ KERBEROS_ANNOUNCE: 'no' });
    const isCamera = /CAMERA/.test(name);
    expect(read).toEqual({ ...withoutUnusable, lacksCameras: isCamera });
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining(name)]);
    expect(JSON.stringify(told)).not.toContain('hunter2');
    expect(readGround({ [name]: value }).logLevel).toBe('info');
  });

  test('one camera that cannot be used costs none of the others', () => {
    const { cameras, unusable: told, lacksCameras } = readUsable({ KERBEROS_CAMERAS: 'front=rtsp://cam/1\nyard=http://cam\ngate=demo\n=' });
    expect(cameras.map(({ name }) => name)).toEqual(['front', 'gate']);
    expect(told).toHaveLength(1);
    expect(lacksCameras).toBe(true);
  });

  test('a smaller stream that cannot be used costs the smaller stream', () => {
    const main = { AGENT_CAPTURE_IPCAMERA_RTSP: 'rtsp://a:b@cam/1' };
    const read = readUsable({ ...main, AGENT_CAPTURE_IPCAMERA_SUB_RTSP: 'rtsp://a:c@cam/2' });
    expect(read.cameras).toEqual(readEnvironment(main).cameras);
    expect(read.unusable.map(({ origin }) => origin)).toEqual(['AGENT_CAPTURE_IPCAMERA_SUB_RTSP']);
    expect(read.lacksCameras).toBe(false);
  });

  test('the next name that says the same takes the place of one that cannot be used', () => {
    const read = readUsable({ KERBEROS_TIME_ZONE: 'Europe/Bruxelles', AGENT_TIMEZONE: 'Europe/Brussels', KERBEROS_PORT: '70000' });
    expect(read.device).toEqual({ timeZone: 'Europe/Brussels' });
    expect(read.unusable.map(({ origin }) => origin).sort()).toEqual(['KERBEROS_PORT', 'KERBEROS_TIME_ZONE']);
  });

  test('arguments are still refused', () => {
    expect(() => readUsable({}, { cameras: parseCameraDefinitions('gate=http://cam', '--camera') })).toThrow(/--camera/);
  });
});

describe('camera definitions', () => {
  test('are parted by lines or commas, and may have commas in their addresses', () => {
    const text = 'front=rtsp://cam/a,b?x=1,2,Back yard=rtsps://u:p,w@cam2/1\nloop=/videos/a.mp4\r\n\nscene=demo,gate=pi';
    expect(parseCameraDefinitions(text, 'KERBEROS_CAMERAS')).toEqual([
      { name: 'front', source: { kind: 'rtsp', url: 'rtsp://cam/a,b?x=1,2', transport: 'tcp' } },
      { name: 'Back yard', source: { kind: 'rtsp', url: 'rtsps://cam2/1', transport: 'tcp', username: 'u', password: 'p,w' } },
      { name: 'loop', source: { kind: 'file', url: '/videos/a.mp4', loop: true } },
      { name: 'scene', source: { kind: 'demo' } },
      { name: 'gate', source: { kind: 'pi', width: 1920, height: 1080, framesPerSecond: 20 } },
    ]);
  });

  test('never repeat what they refuse', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (noise) => {
        try {
          parseCameraDefinitions(`${noise}rtsp://admin:Zq7secret@`, 'KERBEROS_CAMERAS');
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(`${error.message} ${error.action}`).not.toContain('Zq7');
        }
      }),
    );
  });
});
