import type { EntityInfo, WatchedRoot } from '../../shared/sample.ts';
import type { ProcessDescription, ProcessFacts } from './system-reader.ts';

/** One process, from start to end. The object is its identity: a reused pid gets another one. */
export interface ProcessNode {
  readonly pid: number;
  readonly startMark: number;
  /** Who would wait for it now: another than `info` says where it was adopted. */
  parentPid: number;
  /** Replaced, with a new key, when what it says turns out to have changed. */
  info: EntityInfo;
}

export interface EntityChange {
  readonly appeared: readonly EntityInfo[];
  readonly goneKeys: readonly number[];
}

export interface TreeChange extends EntityChange {
  readonly goneNodes: readonly ProcessNode[];
}

/**
 * Which processes are watched, and whose they are. Pure: it is told what the system says and works out what that
 * means.
 *
 * - A process belongs to the nearest watched root above it, so a run's tree is cut out of Corescope's.
 * - A process whose parent ended stays where it was, whoever adopts it.
 * - A process that was already shown when a root was watched above it moves there: the old key goes and a new one
 *   appears, since what is said about a key never changes.
 */
export interface ProcessTree {
  watch(root: WatchedRoot): void;
  unwatch(pid: number): void;
  /** The pids to ask the system about. The same array until they may have changed. */
  seeds(): readonly number[];
  /** Whether an update with the same facts would change nothing. */
  isSettled(): boolean;
  update(facts: readonly ProcessFacts[], describe: (pid: number) => ProcessDescription | null): TreeChange;
  find(pid: number): ProcessNode | undefined;
  roots(): readonly WatchedRoot[];
  /** What was asked for, by the pid of the root. */
  watched(rootPid: number): WatchedRoot | undefined;
  nodes(): readonly ProcessNode[];
  readonly keptCount: number;
}

interface Root {
  asked: WatchedRoot;
  /** The process that was meant; null until it has been seen. */
  startMark: number | null;
}

interface Member extends ProcessNode {
  /** The parent when first seen: any other parent has adopted the process. */
  readonly bornUnder: number;
  /**
   * How many updates more it is described at. A process seen between fork and exec still has its parent's name and
   * arguments, so it is described twice; and twice again when its name or its user is another one (exec, setuid), for
   * the arguments follow the name a little later.
   */
  looksLeft: number;
  changeCount: number | undefined;
  /** How often it has been described anew. */
  renewals: number;
}

/**
 * A row that is renewed ends in every picture and begins again. Programs that call themselves by what they do would
 * have a row for each: who was renewed so often keeps the last one. More is truer of a shell that runs many programs
 * by exec, one after the other.
 */
const mostRenewals = 8;

type Placement = Pick<EntityInfo, 'parentKey' | 'rootPid' | 'owner'>;

export function createProcessTree(takeKey: () => number): ProcessTree {
  const roots = new Map<number, Root>();
  let members: ReadonlyMap<number, Member> = new Map();
  let nodes: readonly Member[] = [];
  let seeds: readonly number[] | null = null;
  let isSettled = false;
  let watchedRoots: readonly WatchedRoot[] = [];

  function changeRoots(): void {
    seeds = null;
    isSettled = false;
    watchedRoots = Array.from(roots.values(), ({ asked }) => asked);
  }

  function isRoot(fact: ProcessFacts): boolean {
    const root = roots.get(fact.pid);
    if (root === undefined) return false;
    root.startMark ??= fact.startMark;
    return root.startMark === fact.startMark;
  }

  function update(
    facts: readonly ProcessFacts[],
    describe: (pid: number) => ProcessDescription | null,
  ): TreeChange {
    const factByPid = new Map(facts.map((fact) => [fact.pid, fact]));
    const placed = new Map<number, Member | null>();
    const newKeys = new Map<number, number>();
    const appeared: EntityInfo[] = [];
    const goneKeys: number[] = [];

    function announce(fact: ProcessFacts, placement: Placement, description: ProcessDescription): EntityInfo {
      const info = {
        key: takeKey(),
        kind: 'process',
        pid: fact.pid,
        tid: null,
        ...placement,
        ...description,
      } as const;
      appeared.push(info);
      return info;
    }

    function findParent(fact: ProcessFacts): Member | null {
      const parentFact = factByPid.get(fact.parentPid);
      // Where the parent's pid is never corrected (Windows), a younger process may have taken it.
      const couldBeParent =
        parentFact !== undefined && (fact.startMark === 0 || parentFact.startMark <= fact.startMark);
      return couldBeParent ? place(parentFact.pid) : null;
    }

    function choosePlacement(fact: ProcessFacts, previous: Member | undefined): Placement | null {
      const ownRoot = roots.get(fact.pid);
      if (ownRoot !== undefined && isRoot(fact)) {
        return { parentKey: null, rootPid: fact.pid, owner: ownRoot.asked.owner };
      }
      const parent = findParent(fact);
      const lastRootPid = previous?.info.rootPid;
      const wasAdopted = previous !== undefined && previous.bornUnder !== fact.parentPid;
      const lastRoot = lastRootPid === undefined ? undefined : roots.get(lastRootPid);
      if (lastRootPid !== undefined && lastRoot !== undefined && (wasAdopted || parent === null)) {
        const rootNode = place(lastRootPid);
        return { parentKey: rootNode?.info.key ?? null, rootPid: lastRootPid, owner: lastRoot.asked.owner };
      }
      if (parent === null) return null;
      return { parentKey: parent.info.key, rootPid: parent.info.rootPid, owner: parent.info.owner };
    }

    function noteChange(member: Member, { changeCount }: ProcessFacts): void {
      if (changeCount === member.changeCount) return;
      member.changeCount = changeCount;
      if (member.renewals >= mostRenewals) return;
      member.renewals += 1;
      member.looksLeft = 2;
    }

    function refresh(member: Member, fact: ProcessFacts, placement: Placement): void {
      const { info } = member;
      const moved = placement.rootPid !== info.rootPid || placement.owner !== info.owner;
      const parentRenewed = info.parentKey !== null && newKeys.has(info.parentKey);
      noteChange(member, fact);
      let description: ProcessDescription = info;
      if (member.looksLeft > 0) {
        description = describe(fact.pid) ?? info;
        member.looksLeft -= 1;
      }
      // Without a command line it is a kernel thread, whose name says what it is just doing.
      const hasOtherName = description.name !== info.name && info.commandLine !== '';
      const renamed = hasOtherName || description.commandLine !== info.commandLine;
      const hasOtherUser = description.user !== info.user;
      if (!moved && !parentRenewed && !renamed && !hasOtherUser) return;
      const { name, commandLine, user, startedUnixMs } = description;
      member.info = announce(fact, placement, { name, commandLine, user, startedUnixMs });
      newKeys.set(info.key, member.info.key);
      goneKeys.push(info.key);
    }

    function place(pid: number): Member | null {
      const known = placed.get(pid);
      if (known !== undefined) return known;
      // Also ends the walk where parents form a circle (Windows' idle process is its own).
      placed.set(pid, null);
      const fact = factByPid.get(pid);
      if (fact === undefined) return null;
      const last = members.get(pid);
      const previous = last?.startMark === fact.startMark ? last : undefined;
      const placement = choosePlacement(fact, previous);
      if (placement === null) return null;
      if (previous !== undefined) {
        previous.parentPid = fact.parentPid;
        refresh(previous, fact, placement);
        placed.set(pid, previous);
        return previous;
      }
      const description = describe(pid) ?? {
        name: `process ${pid}`,
        commandLine: '',
        user: null,
        startedUnixMs: null,
      };
      const member = {
        pid,
        startMark: fact.startMark,
        parentPid: fact.parentPid,
        info: announce(fact, placement, description),
        bornUnder: fact.parentPid,
        looksLeft: 1,
        changeCount: fact.changeCount,
        renewals: 0,
      };
      placed.set(pid, member);
      return member;
    }

    const next = new Map<number, Member>();
    for (const fact of facts) {
      const member = place(fact.pid);
      if (member !== null) next.set(member.pid, member);
    }
    const goneNodes = [...members.values()].filter((member) => next.get(member.pid) !== member);
    goneKeys.push(...goneNodes.map((node) => node.info.key));
    members = next;
    nodes = [...next.values()];
    seeds = null;
    isSettled = nodes.every(({ looksLeft }) => looksLeft === 0);
    return { appeared, goneKeys, goneNodes };
  }

  return {
    watch(asked) {
      const { pid } = asked;
      const root = roots.get(pid);
      if (root === undefined) {
        roots.set(pid, { asked, startMark: null });
      } else {
        root.asked = asked;
        // The process that was meant has ended, so its pid's new bearer is meant now.
        if (members.get(pid)?.startMark !== root.startMark) root.startMark = null;
      }
      changeRoots();
    },
    unwatch(pid) {
      roots.delete(pid);
      changeRoots();
    },
    seeds: () => (seeds ??= [...new Set([...roots.keys(), ...members.keys()])]),
    isSettled: () => isSettled,
    update,
    find: (pid) => members.get(pid),
    roots: () => watchedRoots,
    watched: (rootPid) => roots.get(rootPid)?.asked,
    nodes: () => nodes,
    get keptCount() {
      return roots.size + members.size;
    },
  };
}
