import type { Problem } from '../../shared/result.ts';

/** A word to the user that is about no field and no panel: at the lower edge of the window, until it is closed. */
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

export class Notices {
  list: readonly Notice[] = $state.raw([]);
  #lastId = 0;

  tell(text: string, action: Notice['action'] = null): void {
    this.#add({ tone: 'news', text, advice: '', action });
  }

  complain({ message, advice }: Pick<Problem, 'message' | 'advice'>): void {
    this.#add({ tone: 'problem', text: message, advice, action: null });
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** The same again replaces what was said before. */
  #add(notice: Omit<Notice, 'id'>): void {
    this.#lastId += 1;
    const others = this.list.filter(({ text }) => text !== notice.text);
    this.list = [...others, { ...notice, id: this.#lastId }].slice(-mostNotices);
  }
}
