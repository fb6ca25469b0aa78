import type { Problem } from '../../shared/result.ts';

/**
 * A word to the user that is about no field and no panel: at the lower edge of the window. A problem stays until it is
 * closed; news goes by itself, for it lies over what it is about.
 */
export interface Notice {
  readonly id: number;
  readonly tone: 'problem' | 'news';
  readonly text: string;
  /** What to do next; empty where nothing is to be done. */
  readonly advice: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** More would cover what they are about. */
const mostNotices = 3;
/** Long enough to read a path twice; what can be undone stays until one has looked at what became of it. */
const newsLastsMs = 8000;
const undoLastsMs = 20_000;

export class Notices {
  list: readonly Notice[] = $state.raw([]);
  #lastId = 0;
  /** The one that is pointed at or has the focus: it is being read. */
  #heldId: number | null = null;
  readonly #after: (waitMs: number, act: () => void) => void;

  constructor(
    after: (waitMs: number, act: () => void) => void = (waitMs, act) => void setTimeout(act, waitMs),
  ) {
    this.#after = after;
  }

  tell(text: string, action: Notice['action'] = null): void {
    const id = this.#add({ tone: 'news', text, advice: '', action });
    this.#closeLater(id, action === null ? newsLastsMs : undoLastsMs);
  }

  complain({ message, advice }: Pick<Problem, 'message' | 'advice'>): void {
    this.#add({ tone: 'problem', text: message, advice, action: null });
  }

  /** Keeps one from going while it is read; null: none any more. */
  hold(id: number | null): void {
    this.#heldId = id;
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #closeLater(id: number, waitMs: number): void {
    this.#after(waitMs, () => {
      if (this.#heldId === id) this.#closeLater(id, newsLastsMs);
      else this.close(id);
    });
  }

  /**
   * The same again replaces what was said before, and what can be undone what could be: undoing the older one would undo
   * the newer one too.
   */
  #add(notice: Omit<Notice, 'id'>): number {
    this.#lastId += 1;
    const others = this.list.filter(
      ({ text, action }) => text !== notice.text && (action === null || notice.action === null),
    );
    this.list = [...others, { ...notice, id: this.#lastId }].slice(-mostNotices);
    return this.#lastId;
  }
}
