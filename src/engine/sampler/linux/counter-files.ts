import { existsSync, readdirSync, statSync } from 'node:fs';
import type { ProcessDetails, ThreadDetails } from '../system-reader.ts';
import { loadCLibrary } from './c-library.ts';
import { createLabel, type Label, parseLabelled } from './detail-bytes.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/**
 * What is counted beside CPU time and read once a second, of who has run: 5 to 15 µs a file. Of who runs every second
 * the files stay open, which spares as much again; of others they are closed after the reading, for a descriptor holds
 * a page of the kernel's, and there are thousands who seldom run.
 */
export interface CounterFiles {
  /** Whether the kernel counts changes of core (/proc/PID/sched, CONFIG_SCHED_DEBUG). */
  readonly hasMigrations: boolean;
  ofThread(pid: number, tid: number): HeldFile;
  ofProcess(pid: number): ProcessCounterFiles;
  /** Switches, and migrations where they are counted. NaN where they cannot be read. */
  readThread(file: HeldFile, into: Writable<ThreadCounters>): void;
  /** Effective user, peak memory, bytes read and written, open files. NaN where they cannot be read. */
  readProcess(from: ProcessCounterFiles, into: Writable<ProcessCounters>): void;
  closeProcess(from: ProcessCounterFiles): void;
}

export interface ProcessCounterFiles {
  readonly pid: number;
  readonly status: HeldFile;
  readonly io: HeldFile;
}

export type ThreadCounters = Pick<ThreadDetails, 'voluntarySwitches' | 'involuntarySwitches' | 'migrations'>;
export type ProcessCounters = Pick<
  ProcessDetails,
  'peakRssBytes' | 'readBytes' | 'writtenBytes' | 'openFiles'
> & { readonly userId: number };

const bytesPerKilobyte = 1024;

/** In the order of the files. */
const statusLabels = [createLabel('Uid:'), createLabel('VmHWM:')];
const switchLabels = [createLabel('voluntary_ctxt_switches:'), createLabel('nonvoluntary_ctxt_switches:')];
const schedLabels = [
  createLabel('se.nr_migrations'),
  createLabel('nr_voluntary_switches'),
  createLabel('nr_involuntary_switches'),
];
const ioLabels = [createLabel('read_bytes:'), createLabel('write_bytes:')];

export interface CounterFilesOptions {
  /** Whether there is /proc/PID/sched; found out by default. */
  readonly hasSched?: boolean;
  /** Number of open files of a process; NaN where it is not told. */
  readonly countOpenFiles?: (pid: number) => number;
}

/**
 * Since Linux 6.2 the size of the folder is the number of open files (3 µs); before, it was 0, and the folder must be
 * listed (20 µs and more).
 */
export function createOpenFileCount(): (pid: number) => number {
  const folderOf = (pid: number | 'self'): string => `/proc/${pid}/fd`;
  const hasSize = existsSync(folderOf('self')) && statSync(folderOf('self')).size > 0;
  const readSize = loadCLibrary()?.readSize ?? ((path: string) => statSync(path).size);
  return (pid) => {
    try {
      return hasSize ? readSize(folderOf(pid)) : readdirSync(folderOf(pid)).length;
    } catch {
      return Number.NaN;
    }
  };
}

export function createCounterFiles(files: HeldFiles, options: CounterFilesOptions = {}): CounterFiles {
  const { hasSched = existsSync('/proc/self/sched'), countOpenFiles = createOpenFileCount() } = options;
  const numbers = new Float64Array(3);

  /** Fills `numbers`: NaN throughout where the file cannot be read. */
  function readLabelled(file: HeldFile, labels: readonly Label[]): void {
    const length = files.read(file);
    parseLabelled(files.bytes, Math.max(0, length), labels, numbers);
  }

  const numberAt = (index: number): number => numbers[index] ?? Number.NaN;

  return {
    hasMigrations: hasSched,
    ofThread: (pid, tid) => files.create(`/proc/${pid}/task/${tid}/${hasSched ? 'sched' : 'status'}`),
    ofProcess: (pid) => ({
      pid,
      status: files.create(`/proc/${pid}/status`),
      io: files.create(`/proc/${pid}/io`),
    }),
    readThread(file, into) {
      if (hasSched) {
        readLabelled(file, schedLabels);
        into.migrations = numberAt(0);
        into.voluntarySwitches = numberAt(1);
        into.involuntarySwitches = numberAt(2);
        return;
      }
      readLabelled(file, switchLabels);
      into.voluntarySwitches = numberAt(0);
      into.involuntarySwitches = numberAt(1);
    },
    readProcess({ pid, status, io }, into) {
      readLabelled(status, statusLabels);
      into.userId = numberAt(0);
      into.peakRssBytes = numberAt(1) * bytesPerKilobyte;
      readLabelled(io, ioLabels);
      into.readBytes = numberAt(0);
      into.writtenBytes = numberAt(1);
      into.openFiles = countOpenFiles(pid);
    },
    closeProcess({ status, io }) {
      files.close(status);
      files.close(io);
    },
  };
}
