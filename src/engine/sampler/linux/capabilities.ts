import { existsSync } from 'node:fs';
import { canRead, cannotRead, type MetricCapability } from '../capability.ts';
import { readControlGroups, readQuota } from './control-groups.ts';
import { type ReadText, readText } from './text-file.ts';

/** What was found out about this kernel and this user; each is a different answer of the table below. */
export interface LinuxAbilities {
  readonly hasCpuClock: boolean;
  readonly hasSchedstat: boolean;
  readonly hasChildrenFiles: boolean;
  readonly hasSmapsRollup: boolean;
  readonly hasIo: boolean;
  readonly hasFrequency: boolean;
  readonly hasTopology: boolean;
  readonly hasStat: boolean;
  /** Null: no control group sets a quota. */
  readonly quotaCores: number | null;
  readonly tickMs: number | null;
}

export function findAbilities(
  known: Pick<LinuxAbilities, 'hasCpuClock' | 'tickMs'>,
  read: ReadText = readText,
  exists: (path: string) => boolean = existsSync,
): LinuxAbilities {
  const cpu = '/sys/devices/system/cpu/cpu0';
  return {
    ...known,
    hasStat: read('/proc/stat')?.startsWith('cpu') ?? false,
    hasSchedstat: /^\d+ \d+ \d+/.test(read('/proc/self/schedstat') ?? ''),
    hasChildrenFiles: exists('/proc/thread-self/children'),
    hasSmapsRollup: (read('/proc/self/smaps_rollup') ?? '').includes('Pss:'),
    hasIo: (read('/proc/self/io') ?? '').includes('read_bytes:'),
    hasFrequency: read(`${cpu}/cpufreq/scaling_cur_freq`) !== null,
    hasTopology: exists(`${cpu}/topology`),
    quotaCores: readQuota(read, readControlGroups(read, null)).cores,
  };
}

const koffiAdvice = 'a koffi build for this platform (npm rebuild koffi): nanoseconds at a tenth of the cost';

/** Costs: per process or core, 200 processes, AMD EPYC, Linux 6.18 (measurements of the project; doctor measures). */
export function describeLinux(abilities: LinuxAbilities): readonly MetricCapability[] {
  const { hasCpuClock, hasSchedstat, tickMs } = abilities;
  const tick = tickMs === null ? 'the kernel tick, which is not told here' : `${tickMs} ms (kernel tick)`;
  const stat = '/proc/stat';
  const proc = '/proc mounted and readable (in a sandbox: ask for the host’s /proc)';
  return [
    ...(abilities.hasStat
      ? [
          canRead('core-busy', {
            source: `${stat}, 1 − idle ÷ elapsed`,
            resolution: '10 ms; ±1.7 points over 200 ms',
            cost: '8.2 µs for all cores',
          }),
          canRead('core-kinds-of-time', {
            source: stat,
            resolution: '10 ms, counted at ticks: a load in step with the tick reads up to 37 points wrong',
            cost: 'with core busy',
          }),
        ]
      : [cannotRead('core-busy', stat, proc), cannotRead('core-kinds-of-time', stat, proc)]),
    abilities.hasFrequency
      ? canRead('core-clock', { source: '/sys/…/cpufreq/scaling_cur_freq', resolution: 'once in 5 s' })
      : cannotRead(
          'core-clock',
          '/sys/…/cpufreq/scaling_cur_freq',
          'a kernel with a cpufreq driver; virtual machines are mostly given none',
        ),
    abilities.hasTopology
      ? canRead('core-topology', {
          source: '/sys/devices/system/{cpu,node}',
          resolution: 'at start and hotplug',
        })
      : cannotRead('core-topology', '/sys/devices/system/cpu', '/sys mounted in this container'),
    canRead('usable-cores', {
      source: '/proc/PID/status, /proc/PID/cgroup and the control groups it names',
      resolution: 'once a second',
    }),
    abilities.quotaCores === null
      ? cannotRead(
          'throttling',
          'cpu.stat of the control groups',
          'nothing is held back: no group sets a quota',
        )
      : canRead('throttling', {
          source: 'cpu.stat of the control groups',
          resolution: 'period of the quota, mostly 100 ms; summed over cores',
          cost: '1.4 µs per group',
        }),
    abilities.hasChildrenFiles
      ? canRead('process-list', {
          source: '/proc/PID/task/*/children, when something was forked',
          resolution: 'every tick',
          cost: '0.7 µs per thread',
        })
      : canRead('process-list', {
          source: '/proc/*/stat, when something was forked',
          resolution: 'every tick',
          cost: '8 µs per process of the machine',
          unlock: 'a kernel with CONFIG_PROC_CHILDREN: far cheaper where much is forked',
        }),
    hasCpuClock
      ? canRead('process-cpu', {
          source: 'CPU clock of the process (clock_gettime)',
          resolution: `1 ns when it leaves a core; ${tick} while it runs`,
          cost: '0.33 µs',
        })
      : hasSchedstat
        ? canRead('process-cpu', {
            source: '/proc/PID/schedstat of one thread, else /proc/PID/stat',
            resolution: `1 ns and ${tick}; 10 ms with threads`,
            cost: '1.4–5 µs',
            unlock: koffiAdvice,
          })
        : canRead('process-cpu', {
            source: '/proc/PID/stat',
            resolution: '10 ms',
            cost: '5 µs',
            unlock: koffiAdvice,
          }),
    canRead('waited-for-cpu', {
      source: '/proc/PID/stat, fields 16 and 17',
      resolution: '10 ms, once a second',
      cost: 'with the whole stat, 5 µs',
    }),
    hasSchedstat
      ? canRead('run-queue-wait', {
          source: '/proc/PID/task/TID/schedstat',
          resolution: '1 ns, when the wait ends',
          cost: '0.9 µs per thread',
        })
      : cannotRead('run-queue-wait', '/proc/PID/task/TID/schedstat', 'a kernel with CONFIG_SCHED_INFO'),
    canRead('resident-memory', { source: '/proc/PID/statm', resolution: '1 page', cost: '1.8 µs' }),
    abilities.hasSmapsRollup
      ? canRead('shared-memory', {
          source: '/proc/PID/smaps_rollup, on a budget of its own',
          resolution: '1 KiB',
          cost: '11 µs per MB, in which the process cannot map memory',
          unlock: 'for processes of other users: CAP_SYS_PTRACE',
        })
      : cannotRead('shared-memory', '/proc/PID/smaps_rollup', 'Linux 4.14 with CONFIG_PROC_PAGE_MONITOR'),
    canRead('swap-and-peak', {
      source: '/proc/PID/status',
      resolution: '1 KiB, once a second',
      cost: '11 µs',
    }),
    canRead('switches', { source: '/proc/PID/status', resolution: 'once a second', cost: 'with swap' }),
    canRead('faults', { source: '/proc/PID/stat', resolution: 'once a second', cost: 'with the whole stat' }),
    abilities.hasIo
      ? canRead('disk-bytes', {
          source: '/proc/PID/io',
          resolution: 'once a second',
          unlock: 'for processes of other users: CAP_SYS_PTRACE',
        })
      : cannotRead('disk-bytes', '/proc/PID/io', 'a kernel with CONFIG_TASK_IO_ACCOUNTING'),
    canRead('open-files', {
      source: '/proc/PID/fd',
      resolution: 'once a second',
      unlock: 'for processes of other users: CAP_SYS_PTRACE',
    }),
    hasSchedstat
      ? canRead('thread-cpu', {
          source: '/proc/PID/task/TID/schedstat',
          resolution: `1 ns when it leaves a core; ${tick} while it runs`,
          cost: '0.9 µs per thread',
        })
      : canRead('thread-cpu', {
          source: '/proc/PID/task/TID/stat',
          resolution: '10 ms',
          cost: '3.3 µs per thread',
          unlock: 'a kernel with CONFIG_SCHED_INFO: nanoseconds',
        }),
    canRead('last-core', {
      source: '/proc/PID/task/TID/stat, field 39',
      resolution: 'the last core only: what happened between readings is not told',
      cost: '3.3 µs per thread',
    }),
  ];
}
