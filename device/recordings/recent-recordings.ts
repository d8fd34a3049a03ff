import type { RecordingTrigger } from '#device/contract/contract.ts';

interface RecentRecording {
  id: string;
  startBootMs: number;
  endBootMs: number;
  trigger: RecordingTrigger;
}

const remembered = 64;

/** The last recordings of a camera that are closed: what is found out later may concern one of them. */
export class RecentRecordings {
  #recordings: RecentRecording[] = [];

  add(recording: RecentRecording): void {
    this.#recordings = [...this.#recordings.slice(1 - remembered), recording];
  }

  at(bootMs: number): RecentRecording | undefined {
    return this.#recordings.find((one) => one.startBootMs <= bootMs && bootMs < one.endBootMs);
  }
}
