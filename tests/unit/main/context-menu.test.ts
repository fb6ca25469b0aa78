import { expect, it } from 'vitest';
import { contextMenuTemplate } from '../../../src/main/context-menu.ts';

const editFlags = {
  canUndo: false,
  canRedo: false,
  canCut: true,
  canCopy: true,
  canPaste: true,
  canDelete: true,
  canSelectAll: true,
  canEditRichly: false,
};

/** A line for each item; what cannot be done now stands in brackets. */
function offered(isEditable: boolean, selectionText: string): string[] {
  return contextMenuTemplate({ isEditable, selectionText, editFlags }).map(({ role, enabled }) =>
    role === undefined ? '-' : enabled === false ? `(${role})` : role,
  );
}

it('a field offers what can be done with its text', () => {
  expect(offered(true, '')).toEqual(['(undo)', '(redo)', '-', 'cut', 'copy', 'paste', '-', 'selectAll']);
});

it('text that is selected can be copied, and elsewhere there is no menu', () => {
  expect(offered(false, '/proc/self')).toEqual(['copy']);
  expect(offered(false, ' \n')).toEqual([]);
});
