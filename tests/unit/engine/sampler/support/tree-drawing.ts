import type { EntityInfo } from '../../../../../src/shared/sample.ts';
import type { ProcessDescription, ProcessFacts } from '../../../../../src/engine/sampler/system-reader.ts';

export interface DrawnSystem {
  readonly facts: readonly ProcessFacts[];
  readonly describe: (pid: number) => ProcessDescription | null;
}

/**
 * Processes drawn as an indented list of `pid name`; a child stands two spaces further in than its parent. What is
 * outermost is a child of pid 1. `@5` gives the start mark, which is the pid where nothing else is said.
 */
export function drawSystem(text: string): DrawnSystem {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const margin = Math.min(...lines.map((line) => line.search(/\S/)));
  const parents: number[] = [];
  const names = new Map<number, string>();
  const facts = lines.map((line) => {
    const match = /^(?<indent> *)(?<pid>\d+) (?<name>[^@]+?)(?: @(?<mark>\d+))?$/.exec(line.trimEnd());
    const groups = match?.groups;
    if (groups === undefined) throw new Error(`not a process: ${line}`);
    const depth = ((groups['indent'] ?? '').length - margin) / 2;
    const pid = Number(groups['pid']);
    parents.length = depth;
    const parentPid = parents.at(-1) ?? 1;
    parents.push(pid);
    names.set(pid, groups['name'] ?? '');
    return { pid, parentPid, startMark: Number(groups['mark'] ?? pid) };
  });
  return {
    facts,
    describe(pid) {
      const name = names.get(pid);
      return name === undefined
        ? null
        : { name, commandLine: `/bin/${name}`, user: null, startedUnixMs: null };
    },
  };
}

/** Entities as `key: pid name owner/rootPid under parentKey`, in the order of their keys. */
export function drawEntities(entities: readonly EntityInfo[]): string[] {
  return [...entities]
    .sort((left, right) => left.key - right.key)
    .map(({ key, pid, name, owner, rootPid, parentKey }) => {
      const place = parentKey === null ? '' : ` under ${parentKey}`;
      return `${key}: ${pid} ${name} ${owner}/${rootPid}${place}`;
    });
}
