export type Listener<T> = (value: T) => void;

/** A typed one-channel publisher. A listener that throws is the listener's bug and stops the publisher. */
export class Emitter<T> {
  readonly #listeners = new Set<Listener<T>>();

  /** Returns the way to stop listening. */
  on(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  get size(): number {
    return this.#listeners.size;
  }
}
