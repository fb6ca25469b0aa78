import type { Bytes, Milliseconds, SessionMs } from '../../shared/units.ts';
import { createPssBudget, shareOfTimeForOwn, shareOfTimeForRuns } from './pss-budget.ts';
import type { MemoryReading, ProcessUse } from './system-reader.ts';
import type { ProcessNode } from './tree.ts';

/**
 * PSS, USS and swap on a budget (`pss-budget.ts`), so not at every tick. Between readings the last values stand.
 *
 * - A tree is read in rounds: all that is due of it in one tick, with those that it shares pages with, so that the
 *   sum over a forked pool counts each page once.
 * - Due are processes that are new (without savings from their second tick on: most short-lived ones never get there),
 *   whose resident size changed by 1 MB or, where that is more, 1 %; and, `quietEveryMs` after their last reading, those
 *   that ran: copying a page on writing and swapping move PSS and leave the resident size. Where the system counts page
 *   faults, and since then there were too few of them to move it by 1 MB, after `calmEveryMs` instead. Who did not run
 *   and kept its size is not read.
 * - The faults of who collects garbage go on for ever and move nothing: found as it was, a process is left alone for
 *   twice as long each time, up to `calmEveryMs`, until it is found changed.
 * - Where a process went, all that share with others are due.
 * - Rounds of one tree are 200 ms apart at least, those of Corescope's own 5 s; twice that while sampling is thrifty.
 * - A run that may be younger than a quarter of a second is left alone: its processes are only starting, a reading
 *   holds up their mapping of memory, and what they have before they are at work is no figure of the run.
 * - A run in its first half second may be over before its next round, and what reading takes is a share of it. So its
 *   rounds are as far apart as it is old, half of it has passed at the last one, and due is there who changed by 5 %.
 */
export interface PssRounds {
  /** Reads what is due. `nodes`: the same array while no process came or went. */
  sample(nodes: readonly ProcessNode[], useOf: UseOf, isThrifty: boolean): void;
  /** Latest PSS of each of the nodes that were sampled, in their order: NaN where it is not known. */
  readonly pssBytes: Float64Array;
  /** What readings have taken so far, which is within their own budget. */
  readonly spentMs: Milliseconds;
  /** Counts the samples in which something was read or processes were others. */
  readonly round: number;
  /** Null where it was not read yet. */
  readingOf(node: ProcessNode): MemoryReading | null;
  readonly keptCount: number;
}

export type UseOf = (pid: number) => ProcessUse | undefined;

export interface PssRoundsOptions {
  readonly readMemory: (pid: number) => MemoryReading;
  readonly nowMs: () => SessionMs;
}

/** A run's memory is a result, so it is followed closely; Corescope's own is for information. */
const leastPauseMs = { run: 200, corescope: 5000 } as const;

/** For each run that is newly watched: a run that takes a second would be over before the budget has saved up for it. */
const grantPerRunMs: Milliseconds = 10;

/**
 * Since the sample before it was seen: how old it may be at most. Reading took 3 to 5 ms of two Node processes that
 * were starting on two cores, 1.2 to 2 ms each with their memory lock held. Longer, and runs of a third of a second have
 * no PSS; shorter, and those are slowed that are over before it could tell anything.
 */
const startingMs: Milliseconds = 250;

/** Longer reads less: in every tick of a second it took some milliseconds of a run on two full cores. */
const youngMs: Milliseconds = 500;
/** Half of what a known peak may have grown since its reading (`experiment/peak-memory.ts`). */
const youngChangeShare = 0.05;

const quietEveryMs: Milliseconds = 3000;

/** For what no fault of its own tells: others that map the same files come and go. */
const calmEveryMs: Milliseconds = 30_000;
/** A fault adds or copies one page: so many of 4 KiB, the smallest there are, are 1 MB. */
const fewFaults = 244;

/** Below this it moves no sum worth a reading: any program that was forked has a few such pages. */
const sharedThatMattersBytes: Bytes = 2e6;

/** Smaller changes wait for `quietEveryMs`: the garbage collector of an idle Node process makes them all the time. */
const leastChangeBytes: Bytes = 1e6;
const leastChangeShare = 0.01;

/** Three times what a reading takes where nothing comes between: beyond that, this thread waited for a core. */
function longestReadMs(rssBytes: Bytes): Milliseconds {
  return 0.1 + ((Number.isNaN(rssBytes) ? 0 : rssBytes) / 1e6) * 0.033;
}

/** NaN where they are not counted. */
function faultsOf(use: ProcessUse | undefined): number {
  return use?.details?.minorFaults ?? Number.NaN;
}

/** Changed in place. */
interface Followed {
  readonly node: ProcessNode;
  /** Place among the nodes. */
  index: number;
  /** Sampled before: those that are in their first tick may be between fork and exec. */
  isSettled: boolean;
  reading: MemoryReading | null;
  readAtMs: SessionMs;
  /** How long it is left alone for its size being the same. */
  quietMs: Milliseconds;
  /** As they were at the reading. */
  rssBytes: Bytes;
  cpuMs: Milliseconds;
  faults: number;
}

interface Tree {
  readonly owner: ProcessNode['info']['owner'];
  readonly members: Followed[];
  /** When it was seen first; long ago for Corescope's own, which are never young. */
  readonly seenAtMs: SessionMs;
  nextRoundMs: SessionMs;
  hasNewMembers: boolean;
}

export function createPssRounds({ readMemory, nowMs }: PssRoundsOptions): PssRounds {
  // One each: Corescope's own processes have many times the memory of a run, and would leave nothing for it.
  const budgets = { run: createPssBudget(shareOfTimeForRuns), corescope: createPssBudget(shareOfTimeForOwn) };
  let lastNodes: readonly ProcessNode[] = [];
  let followed = new Map<ProcessNode, Followed>();
  let trees = new Map<number, Tree>();
  let pssBytes = new Float64Array(0);
  let round = 0;
  let spentMs: Milliseconds = 0;
  let nextLookMs: SessionMs = Number.NEGATIVE_INFINITY;
  /** What is there at the first sample was there before. */
  let sampledAtMs: SessionMs = Number.NEGATIVE_INFINITY;

  function plant(rootPid: number, owner: Tree['owner'], atMs: SessionMs): Tree {
    const last = trees.get(rootPid);
    if (last?.owner === owner) return { ...last, members: [], hasNewMembers: false };
    const never = Number.NEGATIVE_INFINITY;
    const [seenAtMs, nextRoundMs] = owner === 'run' ? [atMs, sampledAtMs + startingMs] : [never, never];
    if (owner === 'run') budgets.run.grant(grantPerRunMs);
    return { owner, members: [], seenAtMs, nextRoundMs, hasNewMembers: false };
  }

  function isYoung(tree: Tree, atMs: SessionMs): boolean {
    return atMs < tree.seenAtMs + youngMs;
  }

  function follow(nodes: readonly ProcessNode[], atMs: SessionMs): void {
    const nextFollowed = new Map<ProcessNode, Followed>();
    const nextTrees = new Map<number, Tree>();
    const values = new Float64Array(nodes.length).fill(Number.NaN);
    for (const [index, node] of nodes.entries()) {
      const { rootPid, owner } = node.info;
      let tree = nextTrees.get(rootPid);
      if (tree === undefined) nextTrees.set(rootPid, (tree = plant(rootPid, owner, atMs)));
      const known = followed.get(node);
      const one: Followed = known ?? {
        node,
        index,
        isSettled: false,
        reading: null,
        readAtMs: Number.NEGATIVE_INFINITY,
        quietMs: quietEveryMs,
        rssBytes: Number.NaN,
        cpuMs: Number.NaN,
        faults: Number.NaN,
      };
      one.index = index;
      if (one.reading !== null) values[index] = one.reading.pssBytes;
      tree.hasNewMembers ||= known === undefined;
      tree.members.push(one);
      nextFollowed.set(node, one);
    }
    for (const [rootPid, tree] of nextTrees) {
      const last = trees.get(rootPid);
      // Who came shows by its first reading whether it shares anything.
      const hasLost = last !== undefined && last.members.some(({ node }) => !nextFollowed.has(node));
      if (hasLost) for (const one of tree.members) markIfShared(one);
    }
    lastNodes = nodes;
    followed = nextFollowed;
    trees = nextTrees;
    pssBytes = values;
    round += 1;
    nextLookMs = Number.NEGATIVE_INFINITY;
  }

  function sharesMuch({ reading }: Followed): boolean {
    return reading !== null && reading.sharedDirtyBytes > sharedThatMattersBytes;
  }

  /** Makes it due: its share of the pages is another one now. */
  function markIfShared(one: Followed): void {
    if (sharesMuch(one)) one.rssBytes = Number.NaN;
  }

  function isDue(one: Followed, use: ProcessUse | undefined, atMs: SessionMs, changeShare: number): boolean {
    if (use === undefined || !(one.isSettled || budgets[one.node.info.owner].hasPlenty())) return false;
    if (one.reading === null) return true;
    // It has ended and is not collected yet: what it had is nobody's any more, however little it was.
    if (use.rssBytes === 0 && one.rssBytes > 0) return true;
    const change = Math.abs(use.rssBytes - one.rssBytes);
    // NaN, where it shares with one that came or went, is a change too.
    if (!(change < Math.max(leastChangeBytes, changeShare * one.rssBytes))) return true;
    const sinceMs = atMs - one.readAtMs;
    if (sinceMs < one.quietMs || (change === 0 && use.cpuMs === one.cpuMs)) return false;
    return !(faultsOf(use) - one.faults < fewFaults) || sinceMs >= calmEveryMs;
  }

  function read(one: Followed, use: ProcessUse | undefined, atMs: SessionMs): void {
    const reading = readMemory(one.node.pid);
    const changedBytes = Math.abs(reading.pssBytes - (one.reading?.pssBytes ?? Number.NaN));
    if (!(changedBytes < leastChangeBytes)) one.quietMs = quietEveryMs;
    else if (atMs - one.readAtMs >= one.quietMs) one.quietMs = Math.min(calmEveryMs, one.quietMs * 2);
    one.reading = reading;
    one.readAtMs = atMs;
    // What cannot be read is not asked again until something changes.
    one.rssBytes = use?.rssBytes ?? Number.NaN;
    one.cpuMs = use?.cpuMs ?? Number.NaN;
    one.faults = faultsOf(use);
    pssBytes[one.index] = reading.pssBytes;
  }

  /** True where something was read. */
  function runRound(tree: Tree, useOf: UseOf, atMs: SessionMs): boolean {
    const changeShare = isYoung(tree, atMs) ? youngChangeShare : leastChangeShare;
    const due = tree.members.filter((one) => isDue(one, useOf(one.node.pid), atMs, changeShare));
    if (due.length === 0) return false;
    let mostMs = 0;
    round += 1;
    const startMs = nowMs();
    for (const one of due) read(one, useOf(one.node.pid), atMs);
    if (due.some(sharesMuch)) {
      for (const one of tree.members) {
        if (one.readAtMs !== atMs && sharesMuch(one)) read(one, useOf(one.node.pid), atMs);
      }
    }
    for (const one of tree.members) {
      if (one.readAtMs === atMs) mostMs += longestReadMs(one.rssBytes);
    }
    const tookMs = Math.min(nowMs() - startMs, mostMs);
    budgets[tree.owner].spend(tookMs);
    spentMs += tookMs;
    return true;
  }

  /** Looks through the trees for what is due, runs first; answers when to look again. */
  function look(useOf: UseOf, atMs: SessionMs, slowness: number): SessionMs {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const owner of ['run', 'corescope'] as const) {
      for (const tree of trees.values()) {
        if (tree.owner !== owner) continue;
        if (atMs >= tree.nextRoundMs && budgets[owner].canSpend(atMs)) {
          const hasRead = runRound(tree, useOf, atMs);
          // Those that are in their first tick are looked at in the next one.
          const isUrgent = tree.hasNewMembers && !hasRead;
          const leastMs = hasRead ? leastPauseMs[owner] : leastPauseMs.run;
          const pauseMs = isUrgent ? 0 : isYoung(tree, atMs) ? atMs - tree.seenAtMs : leastMs;
          tree.nextRoundMs = atMs + slowness * pauseMs;
        }
        nextMs = Math.min(nextMs, Math.max(tree.nextRoundMs, atMs + 1));
      }
    }
    return nextMs;
  }

  return {
    sample(nodes, useOf, isThrifty) {
      const atMs = nowMs();
      const hasChanged = nodes !== lastNodes;
      if (hasChanged) follow(nodes, atMs);
      sampledAtMs = atMs;
      if (atMs < nextLookMs) return;
      nextLookMs = look(useOf, atMs, isThrifty ? 2 : 1);
      for (const tree of trees.values()) {
        if (!tree.hasNewMembers) continue;
        for (const one of tree.members) one.isSettled = true;
        tree.hasNewMembers = false;
      }
    },
    get pssBytes() {
      return pssBytes;
    },
    get round() {
      return round;
    },
    get spentMs() {
      return spentMs;
    },
    readingOf: (node) => followed.get(node)?.reading ?? null,
    get keptCount() {
      return followed.size + trees.size;
    },
  };
}
