import type { ClipsFigure } from '../parts/clips.ts';
import type { CpuFigure } from '../parts/cpu.ts';
import type { ExportFigure } from '../parts/export.ts';
import type { IndexFigure } from '../parts/index-rows.ts';
import type { LiveFigure } from '../parts/live.ts';
import type { StartUpFigure } from '../parts/start-up.ts';
import type { Machine } from './machine.ts';

/** Everything that was measured in one run; null where a part was left out. */
export interface Results {
  machine: Machine;
  seconds: number;
  cpu: CpuFigure[] | null;
  clips: ClipsFigure | null;
  live: LiveFigure | null;
  start: StartUpFigure | null;
  export: ExportFigure | null;
  index: IndexFigure | null;
}
