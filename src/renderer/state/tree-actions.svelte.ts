import type { Problem } from '../../shared/result.ts';
import type { EndWish } from '../../shared/process-requests.ts';
import type { EntityInfo } from '../../shared/sample.ts';
import type { Backend } from '../lib/backend.ts';
import { TreeFacts } from './tree-facts.svelte.ts';
import { formatMoment } from './relative-time.ts';

/** What is asked before a process is ended. */
export interface EndQuestion {
  readonly entity: EntityInfo;
  readonly scope: EndWish['scope'];
  /** `kill` is only offered for what did not go when it was asked to. */
  readonly how: EndWish['how'];
  /** How many were still there after they had been asked; null before that. */
  readonly left: number | null;
}

/** Ending processes of the tree, and their nice level. One question at a time. */
export class TreeActions {
  question: EndQuestion | null = $state.raw(null);
  isWorking = $state(false);
  problem: Problem | null = $state.raw(null);
  /** What was done last, in words; null: nothing. */
  said: string | null = $state.raw(null);
  niceText = $state('');
  readonly #backend: Backend;
  #lookedAt: EntityInfo | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** What can be asked about the process; nothing is before `load`. */
  factsOf(entity: EntityInfo): TreeFacts {
    return new TreeFacts(this.#backend, entity);
  }

  /** Another row is looked at. */
  async turnTo(entity: EntityInfo): Promise<void> {
    const { pid, startedUnixMs } = entity;
    this.#lookedAt = entity;
    this.question = null;
    this.problem = null;
    this.said = null;
    this.niceText = '';
    const nice = await this.#backend.request('process:nice', { pid, startedUnixMs });
    // What was typed meanwhile stays, and what comes late is of another row.
    if (this.#lookedAt !== entity || this.niceText !== '') return;
    // Of a process that may not be asked the field stays empty, and says n/a.
    if (nice.ok) this.niceText = String(nice.value.level);
  }

  ask(entity: EntityInfo, scope: EndWish['scope']): void {
    this.problem = null;
    this.said = null;
    this.question = { entity, scope, how: 'term', left: null };
  }

  async confirm(): Promise<void> {
    const { question } = this;
    if (question === null || this.isWorking) return;
    const { entity, scope, how } = question;
    this.isWorking = true;
    const { pid, startedUnixMs } = entity;
    const ended = await this.#backend.request('process:end', { pid, startedUnixMs, scope, how });
    this.isWorking = false;
    this.question = null;
    if (!ended.ok) this.problem = ended.problem;
    else if (ended.value.left === 0) this.said = endedText(ended.value.signalled);
    else this.question = { entity, scope, how: 'kill', left: ended.value.left };
  }

  async renice({ pid, startedUnixMs }: EntityInfo): Promise<void> {
    this.problem = null;
    this.said = null;
    const level = Number(this.niceText);
    if (!/^-?\d+$/.test(this.niceText.trim()) || level < -20 || level > 19) {
      this.problem = {
        kind: 'invalid-nice',
        message: `A nice level is a whole number from -20 (the most urgent) to 19 (the least), and not "${this.niceText}".`,
        advice: 'Type another one.',
      };
      return;
    }
    const set = await this.#backend.request('process:renice', { pid, startedUnixMs, level });
    if (set.ok) this.said = `The nice level is now ${set.value.level}.`;
    else this.problem = set.problem;
  }
}

function endedText(count: number): string {
  return count === 1 ? 'It has ended.' : `${count} processes have ended.`;
}

/** The question in words: who, since when, and what will happen. */
export function wordsOf({ entity, scope, how, left }: EndQuestion): string {
  const { name, pid, startedUnixMs } = entity;
  const since = startedUnixMs === null ? '' : `, started ${formatMoment(startedUnixMs)}`;
  const who = `${name} (pid ${pid}${since})${scope === 'tree' ? ' and all that hangs under it' : ''}`;
  if (how === 'term') return `End ${who}? It is asked to end (SIGTERM) and may put its things in order.`;
  const still = left === 1 ? 'One process is' : `${left ?? 'Some'} processes are`;
  return `${still} still there after two seconds. End ${who} without asking (SIGKILL)? What it has not saved is lost.`;
}
