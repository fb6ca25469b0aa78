/** With which Node ends a module that waits at its top for what nothing settles. */
const unsettledExitCode = 13;

/**
 * Runs a worker that is no module: a program of CommonJS starts without Node's loader of modules, which takes 5 of the
 * 75 ms of a process. Ends as a module would: with what `main` throws, and with 13 where it waits for nothing.
 */
export function runWorker(main: () => Promise<void>): void {
  let isSettled = false;
  process.once('beforeExit', () => {
    if (!isSettled) process.exitCode ??= unsettledExitCode;
  });
  main().then(
    () => {
      isSettled = true;
    },
    (error: unknown) => {
      isSettled = true;
      // Not a rejection: those are told in other words, and may be allowed.
      process.nextTick(() => {
        throw error;
      });
    },
  );
}
