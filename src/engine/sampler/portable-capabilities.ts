import { canRead, cannotRead, type Metric, type MetricCapability } from './capability.ts';

/**
 * What os.cpus(), pidusage 4.1 and systeminformation 5.33 can tell on macOS and Windows: read in their sources and
 * in libuv's, not measured there.
 */

const coresOfMac: readonly MetricCapability[] = [
  canRead('core-busy', {
    source: 'os.cpus(): host_processor_info, 1 − idle ÷ elapsed',
    resolution: '10 ms',
  }),
  canRead('core-kinds-of-time', {
    source: 'os.cpus(): user and system only',
    resolution: '10 ms, counted at ticks',
  }),
];

const coresOfWindows: readonly MetricCapability[] = [
  canRead('core-busy', {
    source: 'os.cpus(): NtQuerySystemInformation, 1 − idle ÷ elapsed',
    resolution: 'the clock tick, 1 to 15.6 ms',
  }),
  canRead('core-kinds-of-time', {
    source: 'os.cpus(): user, system and irq only',
    resolution: 'the clock tick',
  }),
];

const wanted = 'a native reader for this system, which Corescope does not have yet';

/** What no portable call tells on either. */
const missing: readonly (readonly [Metric, string])[] = [
  ['core-clock', 'os.cpus() tells the nominal clock only'],
  ['core-topology', 'sysctl hw, GetLogicalProcessorInformationEx'],
  ['throttling', 'there are no control groups'],
  ['waited-for-cpu', 'wait4, job objects'],
  ['unattributed-cpu', 'there are no control groups'],
  ['run-queue-wait', 'kernel tracing'],
  ['wait-breakdown', 'kernel tracing'],
  ['process-state', 'proc_pidinfo, NtQuerySystemInformation'],
  ['shared-memory', 'proc_pid_rusage, QueryWorkingSetEx'],
  ['peak-memory', 'proc_pid_rusage, GetProcessMemoryInfo'],
  ['switches', 'proc_pidinfo, NtQuerySystemInformation'],
  ['faults', 'proc_pidinfo, GetProcessMemoryInfo'],
  ['disk-bytes', 'proc_pid_rusage, GetProcessIoCounters'],
  ['open-files', 'proc_pidinfo, GetProcessHandleCount'],
  ['thread-identity', 'pthread_getname_np, GetThreadDescription'],
  ['thread-cpu', 'thread_info, GetThreadTimes'],
  ['thread-wait', 'kernel tracing'],
  ['last-core', 'kernel tracing'],
  ['migrations', 'kernel tracing'],
  ['placement', 'kernel tracing'],
];

export function describePortable(platform: NodeJS.Platform): readonly MetricCapability[] {
  const isWindows = platform === 'win32';
  const usage = isWindows ? 'Get-CimInstance Win32_Process, or wmic' : 'ps -o time,rss';
  return [
    ...(isWindows ? coresOfWindows : coresOfMac),
    canRead('usable-cores', {
      source: isWindows ? 'affinity of Corescope itself' : 'number of cores',
      resolution: 'at start',
    }),
    canRead('process-list', {
      source: isWindows ? 'one PowerShell for each reading' : 'one ps for each reading',
      resolution: isWindows ? 'once in 3 s' : 'once a second',
      unlock: wanted,
    }),
    canRead('process-identity', {
      source: isWindows ? 'Win32_Process' : 'ps -o etime,user,command',
      resolution: isWindows ? 'once in 3 s' : 'once a second; start to 2 s',
    }),
    canRead('process-cpu', {
      source: usage,
      resolution: isWindows ? 'once in 3 s; 15.6 ms' : 'once a second; 10 ms',
      unlock: wanted,
    }),
    canRead('resident-memory', {
      source: usage,
      resolution: isWindows ? 'once in 3 s' : 'once a second; 1 KiB',
      unlock: wanted,
    }),
    ...missing.map(([metric, source]) =>
      cannotRead(metric, source, source.startsWith('there are no') ? null : wanted),
    ),
  ];
}
