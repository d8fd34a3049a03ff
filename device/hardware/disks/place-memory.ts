import { z } from 'zod';
import { recordingPlaceChangeSchema } from '#device/contract/contract.ts';
import { keptText } from '../kept-text.ts';

/** Which disk the owner chose. It is of this very machine: no part of the settings, nor of a backup. */
export interface PlaceMemory {
  /** null when none was, and when what is kept cannot be read. */
  read(): Promise<string | null>;
  write(volumeId: string | null): Promise<void>;
}

export function placeMemory(file: string): PlaceMemory {
  const text = keptText(file);
  return {
    read: async () => {
      const kept = await text.read();
      return kept === null ? null : volumeIdIn(kept);
    },
    write: (volumeId) => text.write(`${JSON.stringify({ volumeId })}\n`),
  };
}

function volumeIdIn(kept: string): string | null {
  try {
    return recordingPlaceChangeSchema.parse(JSON.parse(kept)).volumeId;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
