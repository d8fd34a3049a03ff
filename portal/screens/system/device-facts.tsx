import { CircuitBoard, Cpu, HardDrive, Lightbulb } from 'lucide';
import { bytes, decimal, percent, span } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { type Fact, Facts, Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import { StackedBar } from '../../parts/stacked-bar.tsx';
import type { System } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { useTask } from '../use-task.ts';

const text = words.system;

const factsOf = (system: System, dateTime: (ms: number) => string): Fact[] => {
  const { totalBytes, availableBytes, processBytes } = system.memory;
  const time = dateTime(Date.parse(system.time));
  const facts: (Fact | null)[] = [
    { label: text.localName, value: system.localName ?? text.notAnnounced },
    { label: text.addresses, value: system.addresses.join(', ') },
    { label: text.time, value: system.clock === 'set' ? `${time} (${system.timeZone})` : `${time}, ${text.clockApproximate}` },
    { label: text.uptime, value: span(system.uptimeMs) },
    { label: text.cpu, value: percent(system.cpuPercent / 100) },
    system.temperatureCelsius === null ? null : { label: text.temperature, value: `${decimal(system.temperatureCelsius)} °C` },
    { label: text.memory, value: text.memoryText(bytes(totalBytes - availableBytes), bytes(totalBytes), bytes(processBytes)) },
    { label: text.model, value: system.model },
    { label: text.operatingSystem, value: system.operatingSystem },
    { label: text.version, value: system.version },
  ];
  return facts.filter((fact) => fact !== null);
};

/** To find the device among others, and what is wired to it. */
const BoardButtons = () => {
  const { pins, notices } = usePortal();
  const task = useTask();
  const identify = async () => {
    const problem = problemOf(await pins.identify());
    if (problem) notices.bad(problem.message);
    else notices.good(text.identifying);
    return problem;
  };
  return (
    <div class="row">
      <Button small icon={Lightbulb} busy={task.isBusy} title={text.identifyHint} onClick={() => void task.run(identify)}>
        {text.identify}
      </Button>
      <LinkButton small icon={CircuitBoard} href="/system/pins">
        {text.pins}
      </LinkButton>
    </div>
  );
};

export const DeviceFacts = () => {
  const { system, time, addresses } = usePortal();
  const { value, problem } = system.system.value;
  return (
    <Panel
      title={text.facts}
      icon={Cpu}
      aside={
        <a href={addresses.reference} target="_blank" rel="noreferrer">
          {text.apiReference}
        </a>
      }
    >
      {problem && !value && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && <Loading label={words.loading} />}
      {value && <Facts facts={factsOf(value, time.value.dateTime)} />}
      <BoardButtons />
    </Panel>
  );
};

export const StorageFacts = () => {
  const { system, time } = usePortal();
  const storage = system.system.value.value?.storage;
  if (!storage) return null;
  const { totalBytes, freeBytes, recordingsBytes, reserveBytes } = storage;
  const reserve = Math.min(reserveBytes, freeBytes);
  const other = Math.max(0, totalBytes - freeBytes - recordingsBytes);
  const names = text.storageLegend;
  const shares = [
    { key: 'recordings', label: `${names.recordings} ${bytes(recordingsBytes)}`, share: recordingsBytes / totalBytes },
    { key: 'other', label: `${names.other} ${bytes(other)}`, share: other / totalBytes },
    { key: 'reserve', label: `${names.reserve} ${bytes(reserve)}`, share: reserve / totalBytes },
    { key: 'free', label: `${names.free} ${bytes(freeBytes - reserve)}`, share: (freeBytes - reserve) / totalBytes },
  ];
  return (
    <Panel title={text.storage} icon={HardDrive}>
      {totalBytes > 0 && <StackedBar label={text.storageBar} shares={shares} />}
      <p>
        {text.storageText(storage.recordings, bytes(recordingsBytes))}.{' '}
        <span class="quiet">
          {storage.writtenPerVideoByte !== null && `${text.writeFactor(storage.writtenPerVideoByte.toFixed(2))}. `}
          {storage.oldest === null ? text.storageNone : text.storageOldest(time.value.dateTime(Date.parse(storage.oldest)))}
        </span>
      </p>
    </Panel>
  );
};
