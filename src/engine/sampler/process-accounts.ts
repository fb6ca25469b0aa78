import { type Bytes, type CpuShare, type Milliseconds, type SessionMs } from '../../shared/units.ts';
import { type ProcessUse } from './system-reader.ts';
import { type ProcessNode } from './tree.ts';

/** What a process and all below it have used, as of the last update. Changed in place. */
export interface ProcessAccount {
  readonly node: ProcessNode;
  readonly cpuShare: CpuShare;
  readonly waitShare: number;
  /**
   * CPU time of descendants that were waited for, less what they were seen to have used while they were there. NaN
   * where the system does not tell what was waited for.
   */
  readonly exitedMs: Milliseconds;
  readonly exitedShare: CpuShare;
  readonly totalCpuMs: Milliseconds;
  readonly totalCpuShare: CpuShare;
  readonly totalRssBytes: Bytes;
  readonly totalPssBytes: Bytes;
  /** What the account was last updated from; undefined where the process could not be read. */
  readonly use: ProcessUse | undefined;
  readonly pssBytes: Bytes;
  /** For who tells of details: when those were read that it told last. Here, for want of a cheaper place. */
  toldAtMs: SessionMs;
}

export interface AccountReading {
  readonly uses: ReadonlyMap<number, ProcessUse>;
  /** What the uses stand for that do not say it themselves. */
  readonly atMs: SessionMs;
  /** More than so many cores have spent in the meantime was spent before it. */
  readonly coreCount: number;
  /** Undefined while it has not been read yet, NaN where it cannot be. */
  readonly pssOf: (node: ProcessNode) => Bytes | undefined;
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
  /** Processes must be told of before they are in a reading, and the gone ones once. In the order of `nodes`. */
  update(
    nodes: readonly ProcessNode[],
    goneNodes: readonly ProcessNode[],
    reading: AccountReading,
  ): readonly ProcessAccount[];
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
 * Growth per time. NaN at the first reading, after a counter that went back, and where `valueMs` is NaN (the next
 * known reading then spans the gap). The same `atMs` again repeats.
 */
function readShare(counter: Counter, atMs: SessionMs, valueMs: Milliseconds): number {
  if (Number.isNaN(valueMs)) return Number.NaN;
  if (counter.atMs === atMs) return counter.share;
  const grownMs = valueMs - counter.valueMs;
  counter.share = grownMs >= 0 ? grownMs / (atMs - counter.atMs) : Number.NaN;
  counter.atMs = atMs;
  counter.valueMs = valueMs;
  return counter.share;
}

/** User and system time are rounded down to 10 ms each; exact times that went into them are not. */
const roundingMs = 20;

interface Account extends ProcessAccount {
  readonly node: ProcessNode;
  cpuShare: CpuShare;
  waitShare: number;
  exitedMs: Milliseconds;
  exitedShare: CpuShare;
  totalCpuMs: Milliseconds;
  totalCpuShare: CpuShare;
  totalRssBytes: Bytes;
  totalPssBytes: Bytes;
  use: ProcessUse | undefined;
  pssBytes: Bytes;
  /** Which of the accounts it is below; null for a root. */
  parent: Account | null;
  parentKey: number | null;
  depth: number;
  isGone: boolean;
  isNew: boolean;
  cpuMs: Milliseconds;
  readonly own: Counter;
  readonly wait: Counter;
  readonly exited: Counter;
  /** What its vanished children were seen to have used, and is therefore in the time that it waited for. */
  expectedMs: Milliseconds;
  /** Since the last update; while sums are made, with those below. */
  spentMs: Milliseconds;
  /** What goes into the parent's share. */
  shareUpwards: CpuShare;
}

function createAccount(node: ProcessNode): Account {
  return {
    node,
    cpuShare: Number.NaN,
    waitShare: Number.NaN,
    exitedMs: Number.NaN,
    exitedShare: Number.NaN,
    totalCpuMs: Number.NaN,
    totalCpuShare: Number.NaN,
    totalRssBytes: Number.NaN,
    totalPssBytes: Number.NaN,
    use: undefined,
    pssBytes: Number.NaN,
    toldAtMs: Number.NaN,
    parent: null,
    parentKey: null,
    depth: 0,
    isGone: false,
    isNew: true,
    cpuMs: Number.NaN,
    own: createCounter(),
    wait: createCounter(),
    exited: createCounter(),
    expectedMs: 0,
    spentMs: 0,
    shareUpwards: 0,
  };
}

function livingAncestor(account: Account | null): Account | null {
  let current = account;
  while (current?.isGone === true) current = current.parent;
  return current;
}

/** A sum of bytes without any part yet: no real one is negative. */
const nothing = -1;

function addBytes(sum: Bytes, part: Bytes): Bytes {
  if (part === nothing) return sum;
  return sum === nothing ? part : sum + part;
}

export function createProcessAccounts(): ProcessAccounts {
  const byNode = new Map<ProcessNode, Account>();
  const byPid = new Map<number, Account>();
  let lastNodes: readonly ProcessNode[] = [];
  let accounts: Account[] = [];
  /** Parents before children. */
  let ordered: Account[] = [];
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
    for (let above = to; above !== null; above = livingAncestor(above.parent)) {
      if (!counted.has(above)) above.totalCpuMs = (above.totalCpuMs || 0) + (account.totalCpuMs || 0);
    }
  }

  function arrange(nodes: readonly ProcessNode[]): void {
    lastNodes = nodes;
    accounts = nodes.map((node) => byNode.get(node) ?? createAccount(node));
    const byKey = new Map<number, Account>();
    for (const account of accounts) {
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
    for (const account of accounts) measure(account);
    ordered = [...accounts].sort((left, right) => left.depth - right.depth);
  }

  function readExited(account: Account, use: ProcessUse, atMs: SessionMs): Milliseconds {
    const { waitedForMs } = use;
    if (waitedForMs === undefined || Number.isNaN(waitedForMs)) return 0;
    const unseenMs = waitedForMs - account.expectedMs;
    if (unseenMs < -roundingMs) account.expectedMs = waitedForMs;
    const lastMs = account.exitedMs || 0;
    account.exitedMs = Math.max(lastMs, unseenMs);
    account.exitedShare = readShare(account.exited, use.readAtMs ?? atMs, account.exitedMs);
    return account.exitedMs - lastMs;
  }

  function readOwn(account: Account, { uses, atMs, coreCount, pssOf }: AccountReading): void {
    const use = uses.get(account.node.pid);
    account.use = use;
    const cpuMs = use?.cpuMs ?? Number.NaN;
    account.cpuShare = readShare(account.own, use?.readAtMs ?? atMs, cpuMs);
    account.waitShare = readShare(account.wait, use?.waitReadAtMs ?? atMs, use?.waitMs ?? Number.NaN);
    account.spentMs = cpuMs > (account.cpuMs || 0) ? cpuMs - (account.cpuMs || 0) : 0;
    if (!Number.isNaN(cpuMs)) account.cpuMs = cpuMs;
    if (use !== undefined) account.spentMs += readExited(account, use, atMs);
    const sinceMs = atMs - lastAtMs;
    if (account.isNew) {
      const isBornSince = account.spentMs <= sinceMs * coreCount;
      account.shareUpwards = isBornSince ? account.spentMs / sinceMs : 0;
    } else {
      account.shareUpwards = account.cpuShare + (account.exitedShare || 0);
    }
    const rssBytes = use?.rssBytes ?? Number.NaN;
    const isUnread = account.isNew && Number.isNaN(rssBytes);
    account.totalRssBytes = isUnread ? nothing : rssBytes;
    // Kernel threads and zombies have no memory, and no file that says so.
    const pssBytes = pssOf(account.node);
    account.pssBytes = pssBytes ?? Number.NaN;
    account.totalPssBytes = pssBytes === undefined ? nothing : rssBytes === 0 ? 0 : pssBytes;
  }

  /** To be done from the leaves to the roots, when all below has been added. */
  function close(account: Account): void {
    account.totalCpuMs = (account.totalCpuMs || 0) + account.spentMs;
    account.totalCpuShare = account.isNew ? Number.NaN : account.shareUpwards;
    const { parent } = account;
    if (parent !== null) {
      parent.spentMs += account.spentMs;
      parent.shareUpwards += account.shareUpwards;
      parent.totalRssBytes = addBytes(parent.totalRssBytes, account.totalRssBytes);
      parent.totalPssBytes = addBytes(parent.totalPssBytes, account.totalPssBytes);
    }
    if (account.totalRssBytes === nothing) account.totalRssBytes = Number.NaN;
    if (account.totalPssBytes === nothing) account.totalPssBytes = Number.NaN;
    account.isNew = false;
  }

  return {
    update(nodes, goneNodes, reading) {
      if (goneNodes.length > 0) retire(goneNodes);
      if (nodes !== lastNodes) arrange(nodes);
      for (const account of ordered) readOwn(account, reading);
      for (let index = ordered.length - 1; index >= 0; index -= 1) {
        const account = ordered[index];
        if (account !== undefined) close(account);
      }
      lastAtMs = reading.atMs;
      return accounts;
    },
  };
}
