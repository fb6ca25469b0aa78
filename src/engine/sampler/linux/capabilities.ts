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
  /** /proc/PID/sched (CONFIG_SCHED_DEBUG). */
  readonly hasSched: boolean;
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
    hasSched: exists('/proc/self/sched'),
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

const otherUsers = 'for processes of other users: CAP_SYS_PTRACE';
const koffiAdvice = 'a koffi build for this platform (npm rebuild koffi): nanoseconds at a tenth of the cost';

const schedInfo = 'a kernel with CONFIG_SCHED_INFO';

/** Costs: per process or core, 200 processes, AMD EPYC, Linux 6.18 (measurements of the project; doctor measures). */
export function describeLinux(abilities: LinuxAbilities): readonly MetricCapability[] {
  const { hasCpuClock, hasSchedstat, hasSched, tickMs } = abilities;
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
      resolution: 'once in 5 s',
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
    canRead('process-identity', {
      source: '/proc/PID/stat, cmdline, owner of /proc/PID',
      resolution: 'when first seen, and when name or user change',
      cost: '50 µs',
    }),
    canRead('process-state', {
      source: '/proc/PID/stat, fields 3, 4 and 20',
      resolution: 'once a second',
      cost: '5 µs',
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
      resolution: '10 ms, once a second and when a child has gone',
      cost: 'with the state',
    }),
    canRead('unattributed-cpu', {
      source: 'cpu.stat or cpuacct.usage of a control group made for the run',
      resolution: '1 µs, every tick',
      cost: '1.4 µs',
      unlock: 'for trees that Corescope did not start: nothing tells it of orphans and of ignored children',
    }),
    hasSchedstat
      ? canRead('run-queue-wait', {
          source: '/proc/PID/task/TID/schedstat',
          resolution: '1 ns, when the wait ends',
          cost: '0.9 µs per thread',
        })
      : cannotRead('run-queue-wait', '/proc/PID/task/TID/schedstat', schedInfo),
    hasSchedstat
      ? canRead('wait-breakdown', {
          source: 'CPU, waiting, and nr_throttled of the control groups',
          resolution: 'per interval; what a quota took is an estimate',
          cost: 'with CPU and waiting',
        })
      : cannotRead('wait-breakdown', '/proc/PID/task/TID/schedstat', schedInfo),
    canRead('resident-memory', { source: '/proc/PID/statm', resolution: '1 page', cost: '1.8 µs' }),
    abilities.hasSmapsRollup
      ? canRead('shared-memory', {
          source: '/proc/PID/smaps_rollup, on a budget of its own',
          resolution: '1 KiB',
          cost: '11 µs per MB, in which the process cannot map memory',
          unlock: otherUsers,
        })
      : cannotRead('shared-memory', '/proc/PID/smaps_rollup', 'Linux 4.14 with CONFIG_PROC_PAGE_MONITOR'),
    canRead('peak-memory', {
      source: '/proc/PID/status, VmHWM',
      resolution: '1 KiB, once a second, of who has run',
      cost: '11 µs',
    }),
    canRead('switches', {
      source: `/proc/PID/task/TID/${hasSched ? 'sched' : 'status'}`,
      resolution: 'once a second, of who has run; up to 64 threads',
      cost: '7 µs per thread',
    }),
    canRead('faults', {
      source: '/proc/PID/stat, fields 10 and 12',
      resolution: 'once a second',
      cost: 'with the state',
    }),
    abilities.hasIo
      ? canRead('disk-bytes', {
          source: '/proc/PID/io',
          resolution: 'once a second',
          unlock: otherUsers,
        })
      : cannotRead('disk-bytes', '/proc/PID/io', 'a kernel with CONFIG_TASK_IO_ACCOUNTING'),
    canRead('open-files', {
      source: '/proc/PID/fd',
      resolution: 'once a second',
      unlock: otherUsers,
    }),
    canRead('thread-identity', {
      source: '/proc/PID/task/TID/comm and stat',
      resolution: 'name: when first seen and a second later; state: once a second',
      cost: '3.3 µs per thread',
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
    hasSchedstat
      ? canRead('thread-wait', {
          source: '/proc/PID/task/TID/schedstat',
          resolution: '1 ns, when the wait ends',
          cost: 'with the CPU of the thread',
        })
      : cannotRead('thread-wait', '/proc/PID/task/TID/schedstat', schedInfo),
    canRead('last-core', {
      source: '/proc/PID/task/TID/stat, field 39',
      resolution: 'the last core only: what happened between readings is not told',
      cost: '3.3 µs per thread',
    }),
    hasSched
      ? canRead('migrations', {
          source: '/proc/PID/task/TID/sched, se.nr_migrations',
          resolution: 'every one, once a second',
          cost: 'with the switches',
        })
      : canRead('migrations', {
          source: 'changes of the last core that were seen',
          resolution: 'at most one per reading',
          cost: 'with the last core',
          unlock: 'a kernel with CONFIG_SCHED_DEBUG: every one is counted',
        }),
    canRead('placement', {
      source: 'last core and CPU of each worker',
      resolution: 'approximate: the whole interval counts for the last core',
      cost: 'with the last core',
      unlock: 'root and kernel tracing (sched_switch), which Corescope does not use',
    }),
  ];
}
