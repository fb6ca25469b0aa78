/** Holds an experiment between two runs. */
export interface PauseSwitch {
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
  /** Resolves when it is not paused, or `signal` says that there is nothing to wait for any more. */
  whenResumed(signal: AbortSignal): Promise<void>;
}

export function createPauseSwitch(): PauseSwitch {
  let isPaused = false;
  let listeners: (() => void)[] = [];
  return {
    get isPaused() {
      return isPaused;
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      const waiting = listeners;
      listeners = [];
      for (const listener of waiting) listener();
    },
    async whenResumed(signal) {
      if (!isPaused || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        listeners.push(done);
        signal.addEventListener('abort', done, { once: true });
      });
    },
  };
}
