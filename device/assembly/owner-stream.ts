import type { StreamMessage } from '#device/contract/contract.ts';
import type { EventJournal } from '#device/events/journal.ts';
import { Emitter } from '#device/kernel/emitter.ts';
import type { Recordings } from '#device/recordings/recordings.ts';

/** One stream of everything that a portal or script may want to hear at once. */
export class OwnerStream {
  readonly #messages = new Emitter<StreamMessage>();

  join(journal: EventJournal, recordings: Recordings): void {
    journal.onChange(({ phase, event }) => this.tell({ type: 'event', phase, event }));
    recordings.onRecording((recording) => this.tell({ type: 'recording', recording }));
    recordings.onRemoved((recordingId) => this.tell({ type: 'recording-deleted', recordingId }));
  }

  tell(message: StreamMessage): void {
    this.#messages.emit(message);
  }

  subscribe(listener: (message: StreamMessage) => void): () => void {
    return this.#messages.on(listener);
  }
}
