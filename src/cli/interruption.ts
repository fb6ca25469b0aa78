import { constants } from 'node:os';

export interface Interruption {
  readonly signal: AbortSignal;
  /** As a shell reports a program that a signal ended: 128 + the signal's number, 130 for Ctrl-C. */
  exitCode(): number;
  stopListening(): void;
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns Ctrl-C and its like into an AbortSignal, so that children are ended and nothing is left half-written. The
 * second time the program ends at once; what it leaves is then ended by each run's own guard.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let received: (typeof endingSignals)[number] = 'SIGINT';
  const exitCode = (): number => 128 + constants.signals[received];
  const onSignal = (signal: NodeJS.Signals): void => {
    received = endingSignals.find((known) => known === signal) ?? received;
    if (controller.signal.aborted) process.exit(exitCode());
    controller.abort();
  };
  for (const signal of endingSignals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    exitCode,
    stopListening: () => {
      for (const signal of endingSignals) process.off(signal, onSignal);
    },
  };
}
