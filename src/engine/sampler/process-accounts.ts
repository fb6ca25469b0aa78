import type { Bytes, CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';
import {
  type AccountColumns,
  copyAccount,
  createAccountColumns,
  nothing,
  sumBytes,
  sumCpu,
} from './account-columns.ts';
import type { ProcessUse } from './system-reader.ts';
import type { ProcessNode } from './tree.ts';

/** What a process and all below it have used, as of the last update. Changed in place. */
export interface ProcessAccount {
  readonly node: ProcessNode;
  /** In the columns. */
  readonly place: number;
  /**
   * CPU time of descendants that were waited for, less what they were seen to have used while they were there. NaN
   * where the system does not tell what was waited for.
   */
  readonly exitedMs: Milliseconds;
  readonly exitedShare: CpuShare;
  /** What the account was last updated from; undefined where the process could not be read. */
  readonly use: ProcessUse | undefined;
  /** For who tells of details: when those were read that it told last. Here, for want of a cheaper place. */
  toldAtMs: SessionMs;
}

/** The state of the books after an update. */
export interface Books {
  /** In the order of the nodes, as the columns. */
  readonly accounts: readonly ProcessAccount[];
  readonly columns: AccountColumns;
  /** Those whose use may be another one than at the last update. */
  readonly touched: readonly ProcessAccount[];
  /** Those with time of exited children. */
  readonly exiting: readonly ProcessAccount[];
}

export interface AccountReading {
  readonly uses: ReadonlyMap<number, ProcessUse>;
  /** What the uses stand for that do not say it themselves. */
  readonly atMs: SessionMs;
  /** More than so many cores have spent in the meantime was spent before it. */
  readonly coreCount: number;
  /** Undefined while it has not been read yet, NaN where it cannot be. */
  readonly pssOf: (node: ProcessNode) => Bytes | undefined;
  /** Another number where `pssOf` may answer otherwise. By default it always may. */
  readonly pssRound?: number;
  /** The processes whose use may have changed, where that is known; see `SystemReader.changedPids`. */
  readonly changedPids?: readonly number[] | null;
}

/**
 * Keeps the books, so that no CPU time is lost between samples and none is counted twice. Pure.
 *
 * The kernel adds the time of a child, and of those that it has waited for, to its parent's `waitedFor` when the
 * parent waits for it. Of that, what was seen while the child was there has been counted already; the rest is what
 * it used after it was last seen, or all of it where it never was. So, for each process:
 *
 *     exited = waitedFor - what its vanished children were seen to have used
 *     total  = the sum of all that was ever spent, by itself, as exited, and below it
 *
 * - The total is a sum of growths, each of which is 0 or more: it never goes down, also when a process ends or moves.
 * - A child is expected in the `waitedFor` of the process that was its parent when it was last seen, which is not the
 *   one that it hangs under where it was adopted. What was expected and never came (SIGCHLD ignored) is dropped as
 *   soon as `waitedFor` says so: otherwise it would hide what comes later.
 */
export interface ProcessAccounts {
  /** Processes must be told of before they are in a reading, and the gone ones once. */
  update(nodes: readonly ProcessNode[], goneNodes: readonly ProcessNode[], reading: AccountReading): Books;
  readonly keptCount: number;
}

/** A cumulative time and its last growth. In the account itself: a map from accounts costs as much as all the rest. */
interface Counter {
  atMs: SessionMs;
  valueMs: Milliseconds;
  share: number;
}

function createCounter(): Counter {
  return { atMs: Number.NaN, valueMs: Number.NaN, share: Number.NaN };
}

/**
 * Growth per time. NaN at the first reading (but see `unusedSinceMs`), after a counter that went back, and where
 * `valueMs` is NaN (the next known reading then spans the gap). The same `atMs` again repeats. `stillUntilMs`: until
 * then it had not grown.
 */
function readShare(
  counter: Counter,
  atMs: SessionMs,
  valueMs: Milliseconds,
  stillUntilMs: SessionMs = Number.NEGATIVE_INFINITY,
): number {
  if (Number.isNaN(valueMs)) return Number.NaN;
  if (counter.atMs === atMs) return counter.share;
  const grownMs = valueMs - counter.valueMs;
  if (grownMs === 0) counter.share = 0;
  else counter.share = grownMs > 0 ? grownMs / (atMs - Math.max(counter.atMs, stillUntilMs)) : Number.NaN;
  counter.atMs = atMs;
  counter.valueMs = valueMs;
  return counter.share;
}

/** What `ProcessUse.bornAtMs` may be too early by. */
const birthRoundingMs = 10;

/**
 * Since when a process that is read for the first time has used nothing but what it has used in all; NaN where it may
 * be older than the last update. Its birth is known to 10 ms: born at the last update's very time it is taken to have
 * come after it, unless it has used more than one thread can since.
 */
function unusedSinceMs(use: ProcessUse | undefined, lastAtMs: SessionMs, atMs: SessionMs): SessionMs {
  const { bornAtMs = Number.NaN, cpuMs = Number.NaN } = use ?? {};
  if (!(bornAtMs + birthRoundingMs >= lastAtMs)) return Number.NaN;
  return cpuMs <= atMs - lastAtMs ? lastAtMs : Math.min(lastAtMs, bornAtMs);
}

/** User and system time are rounded down to 10 ms each; exact times that went into them are not. */
const roundingMs = 20;

interface Account extends ProcessAccount {
  readonly node: ProcessNode;
  place: number;
  exitedMs: Milliseconds;
  exitedShare: CpuShare;
  use: ProcessUse | undefined;
  /** Which of the accounts it is below; null for a root. */
  parent: Account | null;
  parentKey: number | null;
  depth: number;
  isGone: boolean;
  isNew: boolean;
  /** The last update that read it. */
  turn: number;
  /** Last known. */
  cpuMs: Milliseconds;
  readonly own: Counter;
  readonly wait: Counter;
  readonly exited: Counter;
  /** What its vanished children were seen to have used, and is therefore in the time that it waited for. */
  expectedMs: Milliseconds;
}

function createAccount(node: ProcessNode): Account {
  return {
    node,
    place: -1,
    exitedMs: Number.NaN,
    exitedShare: Number.NaN,
    use: undefined,
    toldAtMs: Number.NaN,
    parent: null,
    parentKey: null,
    depth: 0,
    isGone: false,
    isNew: true,
    turn: 0,
    cpuMs: Number.NaN,
    own: createCounter(),
    wait: createCounter(),
    exited: createCounter(),
    expectedMs: 0,
  };
}

function livingAncestor(account: Account | null): Account | null {
  let current = account;
  while (current?.isGone === true) current = current.parent;
  return current;
}

export function createProcessAccounts(): ProcessAccounts {
  const byNode = new Map<ProcessNode, Account>();
  const byPid = new Map<number, Account>();
  let lastNodes: readonly ProcessNode[] = [];
  let accounts: Account[] = [];
  let columns = createAccountColumns(0);
  /** Those that were new at the last update: the next one knows their shares. */
  let young: Account[] = [];
  let touched: Account[] = [];
  let turn = 0;
  let exiting: Account[] = [];
  let lastPssRound = Number.NaN;
  let hasMemoryChanged = true;
  let lastAtMs: SessionMs = Number.NaN;

  function retire(goneNodes: readonly ProcessNode[]): void {
    const gone = goneNodes.flatMap((node) => byNode.get(node) ?? []);
    // Whole families may go at once, and a child's books close before those of who waited for it.
    gone.sort((left, right) => right.depth - left.depth);
    for (const account of gone) {
      account.isGone = true;
      const waiter = byPid.get(account.node.parentPid);
      if (waiter === undefined || waiter === account) continue;
      waiter.expectedMs += (account.cpuMs || 0) + (account.exitedMs || 0) + account.expectedMs;
    }
    for (const account of gone) {
      byNode.delete(account.node);
      if (byPid.get(account.node.pid) === account) byPid.delete(account.node.pid);
    }
  }

  /** To where it has not been counted so far, a process that moves brings all it has used. */
  function move(account: Account, to: Account | null): void {
    const counted = new Set<Account>();
    for (let above = account.parent; above !== null; above = livingAncestor(above.parent)) counted.add(above);
    account.parent = to;
    if (account.isNew) return;
    const { totalCpuMs } = columns;
    for (let above = to; above !== null; above = livingAncestor(above.parent)) {
      if (counted.has(above)) continue;
      totalCpuMs[above.place] = (totalCpuMs[above.place] || 0) + (totalCpuMs[account.place] || 0);
    }
  }

  function arrange(nodes: readonly ProcessNode[]): void {
    lastNodes = nodes;
    const last = columns;
    columns = createAccountColumns(nodes.length);
    accounts = nodes.map((node) => byNode.get(node) ?? createAccount(node));
    const byKey = new Map<number, Account>();
    for (const [place, account] of accounts.entries()) {
      if (account.place >= 0) copyAccount(last, account.place, columns, place);
      account.place = place;
      columns.keys[place] = account.node.info.key;
      byNode.set(account.node, account);
      byPid.set(account.node.pid, account);
      byKey.set(account.node.info.key, account);
    }
    for (const account of accounts) {
      const { parentKey } = account.node.info;
      account.parent = livingAncestor(account.parent);
      if (parentKey === account.parentKey) continue;
      account.parentKey = parentKey;
      const parent = parentKey === null ? null : (byKey.get(parentKey) ?? null);
      if (parent !== account.parent) move(account, parent);
    }
    for (const account of accounts) account.depth = -1;
    const measure = (account: Account): number => {
      if (account.depth < 0) account.depth = account.parent === null ? 0 : measure(account.parent) + 1;
      return account.depth;
    };
    for (const account of accounts) {
      measure(account);
      columns.parents[account.place] = account.parent?.place ?? -1;
    }
    const ordered = [...accounts].sort((left, right) => left.depth - right.depth);
    columns.order.set(ordered.map(({ place }) => place));
    exiting = accounts.filter(({ exitedMs }) => exitedMs > 0);
  }

  function readExited(account: Account, use: ProcessUse, atMs: SessionMs): Milliseconds {
    const { waitedForMs } = use;
    if (waitedForMs === undefined || Number.isNaN(waitedForMs)) return 0;
    const unseenMs = waitedForMs - account.expectedMs;
    if (unseenMs < -roundingMs) account.expectedMs = waitedForMs;
    const lastMs = account.exitedMs || 0;
    account.exitedMs = Math.max(lastMs, unseenMs);
    account.exitedShare = readShare(account.exited, use.readAtMs ?? atMs, account.exitedMs, use.stillUntilMs);
    if (lastMs === 0 && account.exitedMs > 0) exiting.push(account);
    return account.exitedMs - lastMs;
  }

  /** NaN: nobody knows when. */
  function beginAt({ own, wait, exited }: Account, unusedAtMs: SessionMs): void {
    if (Number.isNaN(unusedAtMs)) return;
    for (const counter of [own, wait, exited]) {
      counter.atMs = unusedAtMs;
      counter.valueMs = 0;
    }
  }

  function readOwn(account: Account, { uses, atMs, coreCount }: AccountReading): void {
    const { place } = account;
    const use = uses.get(account.node.pid);
    account.use = use;
    const cpuMs = use?.cpuMs ?? Number.NaN;
    const readAtMs = use?.readAtMs ?? atMs;
    if (account.isNew) beginAt(account, unusedSinceMs(use, lastAtMs, readAtMs));
    const share = readShare(account.own, readAtMs, cpuMs, use?.stillUntilMs);
    columns.cpuShare[place] = share;
    columns.cpuMs[place] = cpuMs;
    columns.waitShare[place] = readShare(
      account.wait,
      use?.waitReadAtMs ?? atMs,
      use?.waitMs ?? Number.NaN,
      use?.waitStillUntilMs,
    );
    columns.lastCore[place] = use?.lastCore ?? Number.NaN;
    let spentMs = cpuMs > (account.cpuMs || 0) ? cpuMs - (account.cpuMs || 0) : 0;
    if (!Number.isNaN(cpuMs)) account.cpuMs = cpuMs;
    if (use !== undefined) spentMs += readExited(account, use, atMs);
    columns.spentMs[place] = spentMs;
    const sinceMs = atMs - lastAtMs;
    if (account.isNew && Number.isNaN(share)) {
      const canBeSpentSince = spentMs <= sinceMs * coreCount;
      columns.shareUpwards[place] = canBeSpentSince ? spentMs / sinceMs : 0;
    } else {
      columns.shareUpwards[place] = share + (account.exitedShare || 0);
    }
    const rssBytes = use?.rssBytes ?? Number.NaN;
    const isUnread = account.isNew && Number.isNaN(rssBytes);
    // NaN is another one than NaN.
    if (!(rssBytes === columns.rssBytes[place])) hasMemoryChanged = true;
    columns.rssBytes[place] = rssBytes;
    columns.rssUpwards[place] = isUnread ? nothing : rssBytes;
  }

  function readPss({ node, place }: Account, pssOf: AccountReading['pssOf']): void {
    const pssBytes = pssOf(node);
    columns.pssBytes[place] = pssBytes ?? Number.NaN;
    // Kernel threads and zombies have no memory, and no file that says so.
    columns.pssUpwards[place] =
      pssBytes === undefined ? nothing : columns.rssBytes[place] === 0 ? 0 : pssBytes;
  }

  function touch(account: Account): void {
    if (account.turn === turn) return;
    account.turn = turn;
    touched.push(account);
  }

  function choose(changedPids: readonly number[] | null | undefined, areOthers: boolean): void {
    turn += 1;
    touched = [];
    if (areOthers || changedPids === undefined || changedPids === null) {
      for (const account of accounts) touch(account);
      return;
    }
    for (const account of young) touch(account);
    for (const pid of changedPids) {
      const account = byPid.get(pid);
      if (account !== undefined) touch(account);
    }
  }

  function sumMemory({ pssOf, pssRound = Number.NaN }: AccountReading): void {
    if (!hasMemoryChanged && pssRound === lastPssRound) return;
    lastPssRound = pssRound;
    hasMemoryChanged = false;
    for (const account of accounts) readPss(account, pssOf);
    sumBytes(columns, columns.rssUpwards, columns.totalRssBytes);
    sumBytes(columns, columns.pssUpwards, columns.totalPssBytes);
  }

  return {
    update(nodes, goneNodes, reading) {
      if (goneNodes.length > 0) retire(goneNodes);
      const areOthers = nodes !== lastNodes;
      if (areOthers) arrange(nodes);
      choose(reading.changedPids, areOthers);
      for (const account of touched) readOwn(account, reading);
      sumCpu(columns);
      hasMemoryChanged ||= areOthers;
      sumMemory(reading);
      young = areOthers ? accounts.filter(({ isNew }) => isNew) : [];
      for (const account of young) {
        // Of one that was born since the last update all is known.
        if (Number.isNaN(account.own.share)) columns.totalCpuShare[account.place] = Number.NaN;
        account.isNew = false;
      }
      lastAtMs = reading.atMs;
      return { accounts, columns, touched, exiting };
    },
    get keptCount() {
      return byNode.size + byPid.size;
    },
  };
}
