import type { Attention } from "../src/index.js";

/** A page that is looked at, hidden, cut off and back when the test says so. */
export class FakeAttention implements Attention {
  readonly #listeners = new Set<() => void>();
  news = false;
  #here = true;
  #online = true;

  isHere = () => this.#here;
  wantsNews = () => this.news;
  isOnline = () => this.#online;

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(state: { here?: boolean; online?: boolean }): void {
    this.#here = state.here ?? this.#here;
    this.#online = state.online ?? this.#online;
    for (const listener of [...this.#listeners]) listener();
  }
}
