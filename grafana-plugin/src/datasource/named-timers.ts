/** Timers by name, of each one at most. */
export interface NamedTimers<Name extends string> {
  /** Calls `act` after that time, in place of what that timer was for before. */
  set(name: Name, ms: number, act: () => void): void;
  isSet(name: Name): boolean;
  clear(name: Name): void;
  clearAll(): void;
}

export function createNamedTimers<Name extends string>(): NamedTimers<Name> {
  const timers = new Map<Name, ReturnType<typeof setTimeout>>();
  const clear = (name: Name): void => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  return {
    set(name, ms, act) {
      clear(name);
      const run = (): void => {
        timers.delete(name);
        act();
      };
      timers.set(name, setTimeout(run, ms));
    },
    isSet: (name) => timers.has(name),
    clear,
    clearAll() {
      for (const name of [...timers.keys()]) clear(name);
    },
  };
}
