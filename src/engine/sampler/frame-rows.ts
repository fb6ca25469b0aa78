import type { DetailColumns, EntityInfo, RowColumns } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';
import { createNamedThreads, type ThreadRow, type ThreadSample } from './named-threads.ts';
import { createAccountColumns } from './account-columns.ts';
import { type Books, createProcessAccounts, type ProcessAccount } from './process-accounts.ts';
import type {
  KeptCounts,
  MemoryReading,
  ProcessDetails,
  ProcessUse,
  SystemReader,
  ThreadDetails,
} from './system-reader.ts';
import type { EntityChange, ProcessNode, ProcessTree, TreeChange } from './tree.ts';
import {
  createUnattributedBooks,
  describeRowUnder,
  type RowKind,
  type Unattributed,
} from './unattributed.ts';

/** One reading of all processes, and the instant it stands for. */
export interface ProcessReading {
  readonly atMs: SessionMs;
  readonly uses: ReadonlyMap<number, ProcessUse>;
  /** See `SystemReader.changedPids`. */
  readonly changedPids: readonly number[] | null;
}

/** What is known of the pages of processes. */
export interface MemoryReadings {
  /** Undefined while a process has not been read, NaN where it cannot be. */
  of(node: ProcessNode): MemoryReading | undefined;
  /** Another number when some were read anew. */
  readonly round: number;
}

/** Rows and details of one tick, ready to be written into a frame of that size. */
export interface FrameRows extends EntityChange {
  readonly rowCount: number;
  readonly detailCount: number;
  write(columns: RowColumns & DetailColumns): void;
}

export interface FrameRowsSource {
  nameThread(pid: number, tid: number, name: string): void;
  /** Whether there are rows of processes only: no threads, no control groups. */
  arePlain(): boolean;
  /** Reads what must be read before the processes are. */
  begin(): void;
  take(change: TreeChange, reading: ProcessReading, memory: MemoryReadings): FrameRows;
  countKept(): KeptCounts;
}

export interface FrameRowsOptions {
  readonly tree: ProcessTree;
  readonly reader: SystemReader;
  readonly takeKey: () => number;
  readonly nowMs: () => SessionMs;
  readonly coreCount: () => number;
}

/** The rows under a process that are none; each has its key for as long as the process keeps its own. */
interface RowsUnder {
  exited: EntityInfo | null;
  unattributed: EntityInfo | null;
  unattributedTime: Unattributed | null;
}

interface DetailRow {
  readonly key: number;
  readonly details: ThreadDetails & Partial<ProcessDetails>;
  readonly memory: MemoryReading | undefined;
}

interface OtherRow {
  readonly info: EntityInfo;
  readonly cpuMs: Milliseconds;
  readonly cpuShare: CpuShare;
}

const noThreads: readonly number[] = [];
const noBooks: Books = { accounts: [], columns: createAccountColumns(0), touched: [], exiting: [] };

/** Turns readings into the rows of a frame, in the order: processes, threads, and then what is neither. */
export function createFrameRows(options: FrameRowsOptions): FrameRowsSource {
  const { tree, reader, takeKey, nowMs, coreCount } = options;
  const threads = createNamedThreads(takeKey);
  const accountBooks = createProcessAccounts();
  const unattributedBooks = createUnattributedBooks();
  let books = noBooks;
  let lastReading: ProcessReading | null = null;
  const rowsUnder = new Map<ProcessAccount, RowsUnder>();
  /** By pid of the root. */
  const groupMs = new Map<number, Milliseconds>();
  /** When the details of a thread were read that were told last, by the object that they are in. */
  const toldAtMs = new WeakMap<object, SessionMs>();
  let wholeProcesses: readonly ProcessNode[] = [];
  let wholeAmong: readonly ProcessNode[] = [];

  function findRowsUnder(account: ProcessAccount): RowsUnder {
    const known = rowsUnder.get(account);
    if (known !== undefined) return known;
    const rows = { exited: null, unattributed: null, unattributedTime: null };
    rowsUnder.set(account, rows);
    return rows;
  }

  function forget(goneNodes: readonly ProcessNode[], goneKeys: number[]): void {
    if (goneNodes.length === 0 || rowsUnder.size === 0) return;
    const gone = new Set(goneNodes);
    for (const [account, rows] of rowsUnder) {
      if (!gone.has(account.node)) continue;
      for (const info of [rows.exited, rows.unattributed]) if (info !== null) goneKeys.push(info.key);
      rowsUnder.delete(account);
      unattributedBooks.forget(account);
    }
  }

  function readUnattributed(atMs: SessionMs): void {
    if (groupMs.size === 0) return;
    const { accounts, columns } = books;
    for (const account of accounts) {
      const { pid, info } = account.node;
      const ms = info.parentKey === null ? groupMs.get(pid) : undefined;
      if (ms === undefined) continue;
      const totalCpuMs = columns.totalCpuMs[account.place] ?? Number.NaN;
      const time = unattributedBooks.read(account, totalCpuMs, ms, atMs);
      if (time !== null) findRowsUnder(account).unattributedTime = time;
    }
  }

  /** The rows that there are, each told of again under a new key when its process was. */
  function collectOthers(appeared: EntityInfo[], goneKeys: number[]): OtherRow[] {
    const others: OtherRow[] = [];
    for (const account of books.exiting) findRowsUnder(account);
    if (rowsUnder.size === 0) return others;
    function renew(last: EntityInfo | null, process: EntityInfo, kind: RowKind): EntityInfo {
      if (last?.parentKey === process.key) return last;
      if (last !== null) goneKeys.push(last.key);
      const info = describeRowUnder(process, kind, takeKey());
      appeared.push(info);
      return info;
    }
    for (const [account, rows] of rowsUnder) {
      const { info } = account.node;
      if (account.exitedMs > 0) {
        rows.exited = renew(rows.exited, info, 'exited-children');
        others.push({ info: rows.exited, cpuMs: account.exitedMs, cpuShare: account.exitedShare });
      }
      if (rows.unattributedTime !== null) {
        rows.unattributed = renew(rows.unattributed, info, 'unattributed');
        others.push({ info: rows.unattributed, ...rows.unattributedTime });
      }
    }
    return others;
  }

  function isWhole(node: ProcessNode): boolean {
    return tree.watched(node.info.rootPid)?.allThreads === true;
  }

  function sampleThreads(): ThreadSample {
    const nodes = tree.nodes();
    if (nodes !== wholeAmong) wholeProcesses = nodes.filter(isWhole);
    wholeAmong = nodes;
    return threads.sample({
      findProcess: (pid) => tree.find(pid),
      readThread: (pid, tid) => reader.readThread(pid, tid),
      wholeProcesses,
      listThreads: (pid) => reader.listThreads?.(pid) ?? noThreads,
      readName: (pid, tid) => reader.readThreadName?.(pid, tid) ?? null,
      nowMs,
    });
  }

  function isNews(details: ThreadDetails): boolean {
    if (toldAtMs.get(details) === details.readAtMs || Number.isNaN(details.readAtMs)) return false;
    toldAtMs.set(details, details.readAtMs);
    return true;
  }

  return {
    countKept: () => ({
      accounts: accountBooks.keptCount,
      threadRows: threads.keptCount,
      rowsUnder: rowsUnder.size + unattributedBooks.keptCount + groupMs.size,
    }),
    nameThread: (pid, tid, name) => {
      threads.announce(pid, tid, name);
    },
    arePlain: () =>
      threads.count === 0 &&
      tree.roots().every((root) => root.cgroupCpuFile === undefined && root.allThreads !== true),
    begin() {
      groupMs.clear();
      if (reader.readCgroupCpuMs === undefined) return;
      for (const root of tree.roots()) {
        if (root.cgroupCpuFile !== undefined)
          groupMs.set(root.pid, reader.readCgroupCpuMs(root.cgroupCpuFile));
      }
    },
    take(change, reading, memory) {
      const goneKeys = [...change.goneKeys];
      if (reading !== lastReading) {
        lastReading = reading;
        books = accountBooks.update(tree.nodes(), change.goneNodes, {
          uses: reading.uses,
          atMs: reading.atMs,
          changedPids: reading.changedPids,
          coreCount: coreCount(),
          pssRound: memory.round,
          pssOf: (node) => memory.of(node)?.pssBytes,
        });
        readUnattributed(reading.atMs);
      }
      forget(change.goneNodes, goneKeys);
      const threadSample = sampleThreads();
      const appeared = [...change.appeared, ...threadSample.appeared];
      goneKeys.push(...threadSample.goneKeys);
      const others = collectOthers(appeared, goneKeys);

      const details: DetailRow[] = [];
      for (const account of books.touched) {
        const known = account.use?.details;
        if (known === undefined) continue;
        const { readAtMs } = known;
        if (account.toldAtMs === readAtMs || Number.isNaN(readAtMs)) continue;
        account.toldAtMs = readAtMs;
        details.push({ key: account.node.info.key, details: known, memory: memory.of(account.node) });
      }
      for (const { key, use } of threadSample.rows) {
        if (!use.details || !isNews(use.details)) continue;
        details.push({ key, details: use.details, memory: undefined });
      }

      return {
        appeared,
        goneKeys,
        rowCount: books.accounts.length + threadSample.rows.length + others.length,
        detailCount: details.length,
        write(columns) {
          writeProcesses(columns, books);
          for (const [account, { unattributedTime }] of rowsUnder) {
            if (unattributedTime !== null) addTime(columns, account.place, unattributedTime);
          }
          let row = books.accounts.length;
          for (const thread of threadSample.rows) writeThread(columns, row++, thread);
          for (const other of others) writeOther(columns, row++, other);
          details.forEach((detail, index) => {
            writeDetails(columns, index, detail);
          });
        },
      };
    },
  };
}

/** The processes are the first rows. */
function writeProcesses(columns: RowColumns, { columns: from }: Books): void {
  columns.keys.set(from.keys);
  columns.cpuShare.set(from.cpuShare);
  columns.totalCpuShare.set(from.totalCpuShare);
  columns.cpuMs.set(from.cpuMs);
  columns.totalCpuMs.set(from.totalCpuMs);
  columns.waitShare.set(from.waitShare);
  columns.rssBytes.set(from.rssBytes);
  columns.totalRssBytes.set(from.totalRssBytes);
  columns.pssBytes.set(from.pssBytes);
  columns.totalPssBytes.set(from.totalPssBytes);
  columns.lastCore.set(from.lastCore);
}

function addTime(columns: RowColumns, row: number, { cpuMs, cpuShare }: Unattributed): void {
  columns.totalCpuMs[row] = (columns.totalCpuMs[row] ?? Number.NaN) + cpuMs;
  columns.totalCpuShare[row] = (columns.totalCpuShare[row] ?? Number.NaN) + cpuShare;
}

function writeTime(columns: RowColumns, row: number, cpuMs: Milliseconds, cpuShare: CpuShare): void {
  columns.cpuShare[row] = cpuShare;
  columns.totalCpuShare[row] = cpuShare;
  columns.cpuMs[row] = cpuMs;
  columns.totalCpuMs[row] = cpuMs;
}

function writeThread(columns: RowColumns, row: number, thread: ThreadRow): void {
  columns.keys[row] = thread.key;
  writeTime(columns, row, thread.use.cpuMs, thread.cpuShare);
  columns.waitShare[row] = thread.waitShare;
  columns.lastCore[row] = thread.use.lastCore ?? Number.NaN;
}

function writeOther(columns: RowColumns, row: number, { info, cpuMs, cpuShare }: OtherRow): void {
  columns.keys[row] = info.key;
  writeTime(columns, row, cpuMs, cpuShare);
}

function writeDetails(columns: DetailColumns, index: number, { key, details, memory }: DetailRow): void {
  columns.detailKeys[index] = key;
  // One by one: looked up by name they took 0.2 µs each, half of all that details cost.
  columns.state[index] = details.state;
  columns.userMs[index] = details.userMs;
  columns.systemMs[index] = details.systemMs;
  columns.waitedForMs[index] = details.waitedForMs ?? Number.NaN;
  columns.peakRssBytes[index] = details.peakRssBytes ?? Number.NaN;
  columns.threadCount[index] = details.threadCount ?? Number.NaN;
  columns.voluntarySwitches[index] = details.voluntarySwitches;
  columns.involuntarySwitches[index] = details.involuntarySwitches;
  columns.minorFaults[index] = details.minorFaults ?? Number.NaN;
  columns.majorFaults[index] = details.majorFaults ?? Number.NaN;
  columns.readBytes[index] = details.readBytes ?? Number.NaN;
  columns.writtenBytes[index] = details.writtenBytes ?? Number.NaN;
  columns.openFiles[index] = details.openFiles ?? Number.NaN;
  columns.migrations[index] = details.migrations;
  columns.ussBytes[index] = memory?.ussBytes ?? Number.NaN;
  columns.swapBytes[index] = memory?.swapBytes ?? Number.NaN;
}
