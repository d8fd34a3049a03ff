/** A yard that is nowhere, for a device without a camera: noise, clouds, a walker and a car that come, stay a little and go. */

export const demoFramesPerSecond = 12;
export const demoKeyIntervalFrames = 24;

/** Of what {@link demoVideoEncoder} makes of it. */
export const demoVideo = { codec: 'h264', codecString: 'avc1.42c01f', width: 960, height: 540 } as const;
const size = `${demoVideo.width}x${demoVideo.height}`;
/** Seconds after which it all begins anew: walker 4 to 11, car 18 to 26, nothing between. */
const cycle = 34;

/** What `overlay` gets as x: from left of the picture to right of it while the time of the cycle is between the two. */
function passage(from: number, to: number, direction: 'right' | 'left'): string {
  const progress = `((mod(t,${cycle})-${from})/${to - from})`;
  const x = direction === 'right' ? `-w+(W+w)*${progress}` : `W-(W+w)*${progress}`;
  return `'if(between(mod(t,${cycle}),${from},${to}),${x},-w-10)'`;
}

/** Drives in, stands for two seconds, drives off. */
function visit(from: number, to: number): string {
  const t = `(mod(t,${cycle})-${from})`;
  const half = (to - from - 2) / 2;
  const x = `if(lt(${t},${half}),-w+(W*0.5+w)*${t}/${half},if(lt(${t},${half + 2}),W*0.5,W*0.5+(W*0.5+w)*(${t}-${half + 2})/${half}))`;
  return `'if(between(mod(t,${cycle}),${from},${to}),${x},-w-10)'`;
}

function scene(fontFile: string | null): string {
  const rate = `r=${demoFramesPerSecond}`;
  const clock =
    fontFile === null
      ? ''
      : `,drawtext=fontfile=${fontFile}:text='%{localtime}':x=16:y=16:fontsize=22:fontcolor=white:box=1:boxcolor=black@0.4`;
  return [
    `color=c=0x6f7f86:s=${size}:${rate},drawbox=0:300:960:240:0x5d6652:fill,drawbox=640:150:220:190:0x8a6f5c:fill,` +
      'drawbox=720:230:60:110:0x4a3a30:fill,drawbox=0:420:960:70:0x55565a:fill[yard]',
    `color=c=0x2b3444:s=44x120:${rate},drawbox=10:0:24:24:0xc9a68c:fill[walker]`,
    `color=c=0xa8322a:s=190x70:${rate},drawbox=30:6:60:26:0xc8d8e0:fill,drawbox=100:6:60:26:0xc8d8e0:fill[car]`,
    `[yard][walker]overlay=x=${passage(4, 11, 'left')}:y='270+4*sin(9*t)':eval=frame[a]`,
    `[a][car]overlay=x=${visit(18, 26)}:y=400:eval=frame,eq=brightness='0.05*sin(2*PI*t/47)':eval=frame,noise=c0s=5:c0f=t${clock}[out0]`,
    'anoisesrc=a=0.004:c=brown:r=16000[out1]',
  ].join(';');
}

export function demoInput(fontFile: string | null): string[] {
  return ['-re', '-f', 'lavfi', '-i', scene(fontFile)];
}

/** Encodes the scene; everything else is copied as it comes. */
export const demoVideoEncoder = [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1', '-pix_fmt', 'yuv420p'],
  ...['-crf', '27', '-maxrate', '900k', '-bufsize', '1800k'],
  ...['-g', String(demoKeyIntervalFrames), '-keyint_min', String(demoKeyIntervalFrames), '-sc_threshold', '0'],
];
