import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnnexBReader } from '../capture/annex-b-reader.ts';
import { optionsOf, readOptions } from './rpicam-options.ts';

/**
 * A stand-in for rpicam-hello, rpicam-vid and rpicam-still where there is no Raspberry Pi: it refuses what they refuse, and what it gives
 * is real H.264 or a real JPEG, of a test picture. Started by the wrappers of `rpicam-stage.ts` as: folder, program, then the program's own arguments.
 */

const [folder = '', program = 'vid', ...args] = process.argv.slice(2);
/**
 * What a test wrote: the answer to --list-cameras (cameras), whether the sensor stops with libcamera's words
 * (hangs) or without (stalls), options that this release does not have yet (lacks), words to fail with (failsWith), gain and lux,
 * how long a still takes that never comes (stillTakesMs), and whether it is cut off (truncatesStill).
 */
const readBehaviour = () => JSON.parse(readFileSync(join(folder, 'behaviour.json'), 'utf8'));
const behaviour = readBehaviour();

function fail(message) {
  process.stderr.write(`ERROR: *** ${message} ***\n`);
  process.exit(255);
}

function parse() {
  const name = program;
  for (const lacking of behaviour.lacks ?? []) delete optionsOf[name][lacking];
  try {
    return readOptions(name, args);
  } catch (error) {
    return fail(error.message);
  }
}

const options = parse();
const has = (name) => options.has(name);
const number = (name, otherwise) => Number(options.get(name) ?? otherwise);

/** One sensor serves one program, as the real one does. */
function acquireSensor() {
  const lock = join(folder, `sensor-${number('camera', 0)}.pid`);
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    process.kill(holder, 0);
    fail('failed to acquire camera /base/soc/i2c0mux/i2c@1/imx708@1a');
  } catch {
    writeFileSync(lock, String(process.pid));
  }
}

function help() {
  const names = Object.keys(optionsOf[program]);
  process.stdout.write(`Valid options are:\n${names.map((name) => `  --${name} arg\n`).join('')}`);
}

const hangWords = [
  '[0:11:52.301] [812]  WARN V4L2 v4l2_videodevice.cpp:2150 /dev/video0[17:cap]: Dequeue timer of 1000000.00us has expired!',
  '[0:11:52.301] [812] ERROR RPI pipeline_base.cpp:1367 Camera frontend has timed out!',
  '[0:11:52.301] [812] ERROR RPI pipeline_base.cpp:1368 Please check that your camera sensor connector is attached securely.',
];

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1', '-pix_fmt', 'yuv420p'];

function film() {
  acquireSensor();
  const rate = number('framerate', 30);
  const size = `${number('width', 1920)}x${number('height', 1080)}`;
  const intra = String(number('intra', 60));
  const stage = has('post-process-file') ? stageOutput(rate) : [];
  const encoder = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-y', '-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`],
      ...[...x264, '-b:v', String(number('bitrate', 1e6)), '-g', intra, '-keyint_min', intra, '-sc_threshold', '0'],
      ...['-flush_packets', '1', '-f', 'h264', 'pipe:1', ...stage],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const video = createWriteStream(options.get('output') ?? fail('no output'));
  const tell = teller(options.get('metadata'), rate);
  let hung = false;
  encoder.stdout.on('data', (bytes) => {
    if (hung) return;
    video.write(bytes);
    tell(bytes);
  });
  const end = () => {
    encoder.kill('SIGKILL');
    process.exit(0);
  };
  encoder.once('exit', () => process.exit(1));
  process.stdin.on('data', (bytes) => {
    if (has('keypress') && /x/i.test(String(bytes)) && !hung) end();
  });
  process.once('SIGTERM', end);
  // Read anew: a test says when.
  setInterval(() => {
    const { hangs, stalls } = readBehaviour();
    if (hung || (!hangs && !stalls)) return;
    hung = true;
    if (hangs) process.stderr.write(hangWords.map((line) => `${line}\n`).join(''));
  }, 100);
}

/** What the stage `kerberos-luma` would write: small grey pictures. */
function stageOutput(rate) {
  const described = JSON.parse(readFileSync(options.get('post-process-file') ?? '', 'utf8'));
  if (!existsSync(join(options.get('post-process-libs') ?? '', 'kerberos-luma.so'))) return [];
  const { width, height } = described['rpicam-apps'].lores;
  const { output, every } = described['kerberos-luma'];
  const filter = `scale=${width}:${height},format=gray,fps=${rate / every}`;
  return ['-vf', filter, '-c:v', 'pgm', '-flush_packets', '1', '-f', 'image2pipe', output];
}

/** One record for each picture, nearly JSON as the real one's. */
function teller(path, rate) {
  if (path === undefined) return () => {};
  const records = createWriteStream(path);
  records.write('[\n');
  let index = 0;
  let first = null;
  const reader = new AnnexBReader(() => {
    first ??= process.hrtime.bigint() - BigInt(Math.round(1.5e9 / rate));
    const { gain = 1.5, lux = 400 } = readBehaviour();
    const timestamp = first + BigInt(Math.round((index * 1e9) / rate));
    const facts = [
      `"SensorTimestamp": ${timestamp}`,
      `"Lux": ${lux.toFixed(6)}`,
      '"ColourGains": [ 1.860000, 1.710000 ]',
      '"ExposureTime": 32987',
      `"AnalogueGain": ${gain.toFixed(6)}`,
      '"DigitalGain": 1.000000',
      '"AeLocked": true',
    ];
    records.write(`${index === 0 ? '' : ',\n'}{\n${facts.map((fact) => `    ${fact}`).join(',\n')}\n}`);
    index += 1;
  });
  return (bytes) => reader.push(bytes);
}

function photograph() {
  acquireSensor();
  if (behaviour.stillTakesMs) {
    setTimeout(() => process.exit(0), behaviour.stillTakesMs);
    return;
  }
  const size = `${number('width', 4608)}x${number('height', 2592)}`;
  const output = options.get('output') ?? fail('no output');
  const encoder = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}`],
      ...['-frames:v', '1', '-f', 'mjpeg', output === '-' ? 'pipe:1' : output],
    ],
    { stdio: ['ignore', behaviour.truncatesStill ? 'pipe' : 'inherit', 'inherit'] },
  );
  encoder.stdout?.once('data', (bytes) => process.stdout.write(bytes.subarray(0, 1000)));
  encoder.stdout?.resume();
  writeFileSync(join(folder, 'still-arguments.json'), JSON.stringify(args));
  // As the real one: what went well is told on stderr too, unless it is asked to be quiet.
  process.stderr.write('Still capture image received\n');
  encoder.once('exit', (code) => process.exit(code ?? 1));
}

if (behaviour.failsWith !== undefined && !has('help') && !has('version') && !has('list-cameras')) fail(behaviour.failsWith);
if (has('help')) help();
else if (has('version')) process.stdout.write('rpicam-apps build: v1.12.0 28-07-2026 (14:27:07)\nlibcamera build: v0.7.1+rpt20260429\n');
else if (has('list-cameras')) process.stdout.write(behaviour.cameras ?? 'No cameras available!\n');
else if (program === 'vid') film();
else if (program === 'still') photograph();
