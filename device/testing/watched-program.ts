import { SelfWatch } from '#device/hardware/self-watch.ts';

/** A program that proves its work for a moment and then does as it is told: hangs in its loop, ends without ending, stops in order. */
const [wordsFile = '', deviceFile = '', fate = ''] = process.argv.slice(2);
const watch = new SelfWatch({
  devicePath: deviceFile === '' ? null : deviceFile,
  wordsFile,
  words: '{"reason":"The program no longer moved."}\n',
  everyMs: 100,
  limitMs: 500,
  endingMs: 300,
});
watch.start();
let proofs = 0;
const beat = setInterval(() => {
  watch.prove();
  proofs += 1;
  if (proofs < 10) return;
  process.stdout.write(`${watch.device}\n`);
  clearInterval(beat);
  if (fate === 'hang') for (;;);
  if (fate === 'end') {
    watch.ending();
    setInterval(() => {}, 1000);
  }
  if (fate === 'stop') void watch.stop();
}, 100);
