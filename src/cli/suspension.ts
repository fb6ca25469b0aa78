import type { PauseSwitch } from '../engine/experiment/pause.ts';

/**
 * Ctrl-Z stops the comparison between two runs: a run that is stopped in its middle would be a wrong figure. The
 * shell's `fg` goes on. Returns what ends the listening. Windows has no such signal.
 */
export function listenForSuspension(pause: PauseSwitch, tell: (note: string) => void): () => void {
  if (process.platform === 'win32') return () => undefined;
  const onStop = (): void => {
    if (pause.isPaused) return;
    pause.pause();
    tell('Pausing when this run has ended; go on with: fg');
  };
  const onContinue = (): void => pause.resume();
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onContinue);
  return () => {
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', onContinue);
  };
}

/** Stops this program as the shell expects of Ctrl-Z; it goes on behind this line when it is continued. */
export function suspend(): void {
  process.kill(process.pid, 'SIGSTOP');
}
