import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { app } from 'electron';

/** What the kernel says that drawing costs: nobody is asked who is measured. */

/** CPU in ms that a thread has used, or all threads of a process. */
export function cpuMs(path: string): number {
  try {
    const [ns] = readFileSync(`${path}/schedstat`, 'utf8').split(' ');
    return Number(ns) / 1e6;
  } catch {
    // It ended while it was looked at.
    return 0;
  }
}

export function mainThreadCpuMs(pid: number): number {
  return cpuMs(`/proc/${pid}/task/${pid}`);
}

function processCpuMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, tid) => sum + cpuMs(`${tasks}/${tid}`), 0);
}

/** The renderer itself, and what works for it: all processes of this Electron but the one that makes the samples. */
export function drawingCpuMs(feederPid: number | undefined): number {
  return app.getAppMetrics().reduce((sum, { pid }) => (pid === feederPid ? sum : sum + processCpuMs(pid)), 0);
}

export function workerCpuMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, tid) => {
    const name = readFileSync(`${tasks}/${tid}/comm`, 'utf8');
    return name.startsWith('DedicatedWorker') ? sum + cpuMs(`${tasks}/${tid}`) : sum;
  }, 0);
}

function memoryBytes(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}

export function rssBytes(pid: number): number {
  return memoryBytes(pid, 'VmRSS');
}

export function peakRssBytes(pid: number): number {
  return memoryBytes(pid, 'VmHWM');
}

/** What filling the history took at once is over: the peak is that of drawing live. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
