import {execFileSync} from 'node:child_process';import fs from 'node:fs';
import {createCapture} from '/work/main/device/capture/create-capture.ts';
import {startRtspServer} from '/work/main/device/testing/rtsp-server.ts';
import {systemClock} from '/work/main/device/kernel/clock.ts';
import {silentLogger} from '/work/main/device/kernel/logger.ts';
const srv=await startRtspServer({mounts:[{path:'/hd',codec:'h264',width:1920,height:1080,fps:20,keyInterval:40,kilobitsPerSecond:2500,pattern:'ball',audio:'pcmu'}]});
const cap=createCapture({clock:systemClock,logger:silentLogger});
for(const [audio,dw] of [[false,320],[false,null],[true,320]] as const){
const ac=new AbortController();const t0=systemClock.boot();let first=0;const keyAt=new Map<number,number>();const delays:number[]=[];let n=0;
const run=cap.session({kind:'rtsp',url:srv.url('/hd'),transport:'tcp'},{audio,detectionWidth:dw,useSubStream:true}).run(ac.signal,{format(){},note(){},packet(p){if(p.track!=='video')return;n++;if(!first)first=systemClock.boot()-t0;if(p.key)keyAt.set(Math.round(p.bootMs),systemClock.boot())},picture(p){const now=systemClock.boot();setTimeout(()=>{let best=1e9,at=0;for(const[k,v]of keyAt)if(Math.abs(k-p.bootMs)<best){best=Math.abs(k-p.bootMs);at=v}delays.push(Math.round(now-at))},500)}});
await systemClock.sleep(6000);
const pid=execFileSync('ps',['--ppid',String(process.pid),'-o','pid=,comm=']).toString().split('\n').filter(l=>/ffmpeg/.test(l)).map(l=>+l.trim().split(/\s+/)[0]!)[0]!;
const cpu=()=>{const f=fs.readFileSync(`/proc/${pid}/stat`,'utf8').split(') ')[1]!.split(' ');return(+f[11]!+ +f[12]!)/100};
const c0=cpu(),t1=systemClock.boot();await systemClock.sleep(16000);const c1=cpu();
const st=fs.readFileSync(`/proc/${pid}/smaps_rollup`,'utf8');
console.log({audio,dw,first:Math.round(first),delays,cpuPerMin:((c1-c0)/(systemClock.boot()-t1)*60000).toFixed(2),rss:/Rss:\s+(\d+)/.exec(st)![1],pss:/Pss:\s+(\d+)/.exec(st)![1],n});
ac.abort();await run;}
await srv.stop();
