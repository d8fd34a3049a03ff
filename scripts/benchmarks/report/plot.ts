import type { CpuFigure, Way } from '../parts/cpu.ts';

const width = 860;
const barHeight = 20;
const gap = 6;
const left = 330;
const right = 90;
const top = 46;

const colours: Record<Way, string> = { record: '#7aa6c2', main: '#2a6f97', sub: '#52b69a', motion: '#c1666b' };
const names: Record<Way, string> = {
  record: 'recording alone',
  main: 'detection, main stream',
  sub: 'detection, sub-stream',
  motion: 'motion',
};

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Processor time of each case as a bar, as SVG. */
export function plot(figures: readonly CpuFigure[], caption: string): string {
  const most = Math.max(...figures.map((figure) => figure.cpuSecondsPerCameraMinute), 0.1);
  const height = top + figures.length * (barHeight + gap) + 20;
  const bars = figures.map((figure, index) => {
    const y = top + index * (barHeight + gap);
    const length = ((width - left - right) * figure.cpuSecondsPerCameraMinute) / most;
    const label = `${names[figure.way]}, ${figure.scene}, ${figure.cameras} camera${figure.cameras === 1 ? '' : 's'}`;
    return [
      `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${colours[figure.way]}"/>`,
      `<text x="${(left + length + 6).toFixed(1)}" y="${y + 15}">${figure.cpuSecondsPerCameraMinute.toFixed(2)}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="20" font-size="15">CPU seconds per minute of one camera</text>`,
    `<text x="12" y="37" fill="#555555" font-size="11">${escaped(caption)}</text>`,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}
