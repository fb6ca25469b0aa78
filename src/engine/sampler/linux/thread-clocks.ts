import { type Milliseconds } from '../../../shared/units.ts';
import { type HeldFile, type HeldFiles } from './held-files.ts';
import { createStatFields, millisecondsPerTick, parseNumberAt, parseStatInto } from './proc-bytes.ts';

/** CPU of single threads. */
export interface ThreadClocks {
  /** Null where the thread is gone. */
  readCpuMs(pid: number, tid: number): Milliseconds | null;
  /** Closes what is held of the threads of a process. */
  forgetProcess(pid: number): void;
}

interface HeldThread {
  readonly pid: number;
  readonly schedstat: HeldFile;
}

export function createThreadClocks(files: HeldFiles): ThreadClocks {
  // By tid alone: it is the kernel's number, and belongs to one process at a time.
  const threads = new Map<number, HeldThread>();
  const fields = createStatFields();

  function forget(tid: number, thread: HeldThread): void {
    files.close(thread.schedstat);
    threads.delete(tid);
  }

  /** For kernels without schedstat (CONFIG_SCHED_INFO): steps of 10 ms. */
  function readStatMs(pid: number, tid: number): Milliseconds | null {
    const file = files.create(`/proc/${pid}/task/${tid}/stat`);
    const length = files.read(file);
    files.close(file);
    const isRead = length >= 0 && parseStatInto(files.bytes, length, fields);
    return isRead ? fields.cpuTicks * millisecondsPerTick : null;
  }

  return {
    readCpuMs(pid, tid) {
      let thread = threads.get(tid);
      if (thread?.pid !== pid) {
        if (thread !== undefined) forget(tid, thread);
        thread = { pid, schedstat: files.create(`/proc/${pid}/task/${tid}/schedstat`) };
        threads.set(tid, thread);
      }
      const length = files.read(thread.schedstat);
      const nanoseconds = length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 0);
      if (!Number.isNaN(nanoseconds)) return nanoseconds / 1e6;
      forget(tid, thread);
      return readStatMs(pid, tid);
    },
    forgetProcess(pid) {
      for (const [tid, thread] of threads) {
        if (thread.pid === pid) forget(tid, thread);
      }
    },
  };
}
