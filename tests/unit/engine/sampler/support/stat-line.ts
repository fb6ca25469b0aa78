/** A stat line as Linux 6.18 writes it (`cat /proc/self/stat`), with another name. */
export function statLine(name: string): string {
  return (
    `4242 (${name}) S 4000 4242 4000 0 -1 4194304 1126 9 0 0 123 45 6 7 20 0 11 0 86755 ` +
    '1234567168 10240 18446744073709551615 1 1 0 0 0 0 0 4096 16898 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n'
  );
}

/** What it says. */
export const statLineFields = {
  state: 'S'.charCodeAt(0),
  parentPid: 4000,
  minorFaults: 1126,
  majorFaults: 0,
  userTicks: 123,
  systemTicks: 45,
  waitedForTicks: 13,
  threadCount: 11,
  startTicks: 86_755,
  lastCore: 1,
};
